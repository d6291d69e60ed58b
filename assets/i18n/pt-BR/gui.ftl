error-settings-unreadable = As configurações não puderam ser lidas ({ $reason }). Começamos com as de fábrica; o arquivo antigo está guardado em { $path }.
error-settings-not-saved = As configurações não foram gravadas em { $path }: { $reason }. Confira se a pasta existe e se há espaço.
error-file-not-read = O arquivo { $path } não pôde ser lido: { $reason }
error-file-not-saved = O arquivo { $path } não foi gravado: { $reason }. Confira se a pasta existe e se há espaço.

top-board = Placar ao vivo
top-cluster = { $all } TM × { $slots } slots
top-cluster-lost = { $alive } de { $all } TM × { $slots } slots
top-dark = Tema escuro
top-light = Tema claro
top-full-screen = Tela cheia
top-help = Ajuda e atalhos

lesson-number = Lição { $number }
lesson-of = { $number } de 24
lesson-menu = Lições: escolher
lesson-open-folder = Abrir uma pasta de lições…
lesson-built-in = Lições do Riacho
lesson-fold = Mostrar ou recolher a lição
lesson-fold-away = Recolher a lição
lesson-unfold = Abrir a lição
lesson-then = depois: { $phase }
lesson-last-phase = última fase
lesson-steps = Passos
lesson-done = feito
lesson-open = a fazer
lesson-prediction = Sua previsão
lesson-one-of = { $number } de { $count }
lesson-predict = Prever
lesson-choose = Escolha e preveja.
lesson-right = certo
lesson-what-happened = o que houve
lesson-your-choice = sua escolha
lesson-hint = Dica { $number }/{ $count }
lesson-hint-number = Dica { $number }
lesson-script = Usar o SQL da lição
lesson-to-editor = Pôr no editor
lesson-solution = Solução
lesson-solution-locked = Abre depois de uma tentativa
lesson-next = Depois
lesson-before = Fase anterior

editor-program = Programa
editor-sql = SQL
editor-catalog = Catálogo
editor-jobs = Jobs
editor-run = Rodar
editor-run-help = Roda o comando sob o cursor e passa ao seguinte, ou roda a seleção (Ctrl+Enter); F5 roda tudo
editor-run-all = Rodar tudo
editor-errors = { $count ->
    [one] { $count } erro
   *[other] { $count } erros
}
editor-sql-field = Editor de SQL
editor-repair = Trocar
editor-repair-mode = Usar o modo { $mode }
editor-menu = Arquivo e histórico
editor-open = Abrir arquivo…
editor-save = Salvar como…
editor-file = Script SQL
editor-history = Histórico

complete-keyword = palavra
complete-function = função
complete-table = tabela
complete-view = view
complete-column = coluna
complete-option = opção
complete-keys = Tab aceita   Esc fecha

program-run = Rodar
program-again = Rodar de novo
program-scoreboard = Placar
program-live-board = Prova ao vivo
program-word-count = WordCount
program-socket = Socket
program-parallelism = paralelismo
program-less = Menos paralelismo
program-more = Mais paralelismo

jobs-none = Nenhum job ainda. Rode um programa ou uma consulta.
jobs-cancel = Cancelar
jobs-show = Mostrar { $name }

catalog-tables = Tabelas
catalog-functions = Funções
catalog-current = Catálogo e banco atuais
catalog-empty = Nenhuma tabela ainda. CREATE TABLE cria uma.
catalog-settings = Opções definidas com SET
catalog-select = Consultar
catalog-keep = Guardar o catálogo quando o Riacho fechar
catalog-keep-note = No Flink, o catálogo em memória se perde com a sessão. Objetos TEMPORARY não são guardados.

results-output = Saída
results-changelog = Changelog
results-table = Tabela
results-stdout = Texto
results-files = Arquivos
files-none = Este lab usa os caminhos reais do sistema: não há uma pasta dele para mostrar.
files-empty = Nenhum arquivo ainda. Um INSERT em uma tabela filesystem cria o primeiro.
files-folder = { $path } · os caminhos das tabelas ficam aqui dentro
files-in-progress = em andamento
files-bytes = { $bytes } bytes
files-more = e mais { $count }
paste-open = Colar como tabela
paste-title = Uma tabela a partir da área de transferência
paste-text = CSV ou TSV com os nomes das colunas na primeira linha, como uma planilha copia:
paste-name = Nome da tabela:
paste-name-given = colada
paste-rows = { $count ->
    [one] { $count } linha
   *[other] { $count } linhas
}
paste-make = Criar a tabela
people-start = Gerar pessoas
people-plan = { $rows } linhas a cada { $seconds } s, { $files } arquivos
people-stop = Parar
people-progress = { $written } de { $files } arquivos, em { $folder }
people-rows = linhas por arquivo
people-seconds = segundos de um ao outro
people-files = arquivos
people-folder = pasta
people-table = Pôr o CREATE TABLE no editor
results-none = Ainda não há resultado. Rode um programa ou uma consulta.
results-lines = { $count ->
    [one] { $count } linha · print
   *[other] { $count } linhas · print
}
results-line = linha
results-where = onde
results-waiting = Ainda nenhuma linha. A página Por quê? diz o que falta.
results-no-rows = Nenhuma linha.
results-op = op
results-folded = Dobrado em tabela
results-counts = { $changes ->
    [one] { $changes } mudança
   *[other] { $changes } mudanças
}, { $rows ->
    [one] { $rows } linha
   *[other] { $rows } linhas
}
results-copy = Copiar
results-copy-tsv = Copiar para planilha (TSV)
results-copy-csv = Copiar como CSV
results-copy-markdown = Copiar como Markdown
results-side-editor = Programa e SQL
results-side-results = Resultado
stdout-none = Este TaskManager ainda não imprimiu nada.
answer-done = Feito.
answer-query = A consulta é o job { $job }.
answer-insert = O INSERT é o job { $job }.

time-start = Ir ao começo
time-back = Voltar um registro
time-play = Continuar
time-pause = Pausar
time-step = Avançar um registro
time-live = Ir ao vivo
time-speed = velocidade
time-full-speed = máxima
time-is-live = ao vivo
time-is-paused = pausado
time-is-past = revendo

notice-copied = Copiado.
notice-close = Fechar aviso

help-title = Atalhos
help-reduced-motion = Reduzir movimento: registros saltam em vez de deslizar
help-close = Fechar ajuda
help-about = Riacho, um laboratório para Apache Flink®. Projeto independente, sem vínculo com a Apache Software Foundation.
key-name-space = Espaço
key-run = Rodar o comando sob o cursor ou a seleção
key-run-all = Rodar o script inteiro
key-play = Pausar ou continuar
key-step = Avançar um registro
key-back = Voltar um registro
key-start = Ir ao começo da gravação
key-live = Ir ao vivo
key-board = Abrir ou fechar o placar
key-full-screen = Tela cheia
key-help = Esta ajuda
key-lesson = Abrir ou recolher a lição
key-paste-table = Fazer uma tabela da área de transferência
key-theme = Trocar o tema
