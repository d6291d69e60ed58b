# A linha de comando.
cli-about =
    Riacho, um laboratório para Apache Flink®: veja um registro viajar.

    Sem comando, a janela se abre. Os comandos usam o mesmo motor em um terminal.
cli-usage = Uso
cli-commands = Comandos
cli-options = Opções
cli-arguments = Argumentos
cli-value = VALOR
cli-examples =
    Experimente:
      riacho sql                              um prompt de SQL; digite HELP nele
      riacho sql -f primeiro.sql              executa um script e mostra cada resultado
      riacho run scoreboard --parallelism 2   o placar do tutorial, com duas subtasks

    Uma primeira consulta para o prompt:
      SELECT name, COUNT(*) AS cnt
      FROM (VALUES ('Bob'), ('Alice'), ('Greg'), ('Bob')) AS NameTable(name) GROUP BY name;
cli-sql-about =
    SQL no dialeto do Flink: um cliente interativo, ou um script com -f.
cli-sql-examples =
    Um script para no primeiro erro, com código de saída 1; uma transcrição continua e numera o que cada
    instrução respondeu (OK, RESULT, ERROR, UNBOUNDED), para correção.

    Experimente:
      riacho sql
      riacho sql -f primeiro.sql --parallelism 2
      riacho sql --transcript -f exercicio.sql --data ./dados --tmp ./rascunho
cli-run-about =
    Executa um programa pronto da DataStream API; o stdout dos TaskManagers vem para o seu terminal.
cli-run-program = scoreboard (dois alunos, dez respostas), wordcount (o monólogo de Hamlet) ou socket-window-wordcount (palavras que chegam por um socket)
cli-run-examples =
    Com mais de uma subtask, cada linha começa com “n>”: a subtask que a imprimiu. A mesma chave sai
    sempre da mesma subtask.

    Experimente:
      riacho run scoreboard
      riacho run wordcount --parallelism 4 --driver threads
cli-option-help = Mostra esta ajuda
cli-option-version = Mostra a versão
cli-option-file = Executa as instruções de um arquivo (“-”: da entrada padrão) e termina
cli-option-transcript = Continua depois de erros e mostra a forma numerada
cli-option-limit = Segundos até uma instrução em execução contar como UNBOUNDED (20; “-- limit: s” no script prevalece)
cli-option-data = A pasta que {"${DATA}"} representa no script
cli-option-tmp = A pasta que {"${TMP}"} representa no script
cli-option-driver = Quem conduz o cluster: threads (velocidade máxima) ou step (uma thread, relógio virtual, repetível)
cli-option-parallelism = Subtasks paralelas de cada operador (parallelism.default)
cli-option-root = Uma pasta da qual nenhum acesso a arquivo pode sair
cli-option-remote = Os sockets podem ser de outras máquinas
cli-option-hostname = A máquina que socket-window-wordcount lê; senão, localhost
cli-option-port = A porta dela, como a de “nc -lk 9999”
cli-option-lang = pt-BR ou en; senão, o idioma do seu sistema
cli-error = Erro
cli-warning = Aviso
cli-prompt-welcome =
    Riacho SQL. As instruções terminam com “;”. HELP mostra o que há, QUIT termina.
cli-prompt-help =
    As instruções terminam com “;” e podem ter várias linhas. Tab completa palavras-chave e nomes.
    Ctrl+C cancela a consulta em execução ou a linha; Ctrl+D ou QUIT; termina.

      SET 'execution.runtime-mode' = 'batch';     uma resposta só (o padrão é streaming: um changelog)
      SET;  RESET;                                configurações
      CREATE TABLE .. WITH ('connector' = '..');  filesystem, datagen, print, blackhole
      SHOW TABLES;  DESCRIBE t;  EXPLAIN ..;      o que existe
      SELECT ..;  INSERT INTO t SELECT ..;        consultas e jobs
cli-prompt-bye = Até logo.
cli-prompt-cancelled = Cancelada.
cli-insert-submitted = O job { $job } foi enviado.
cli-insert-finished = O job { $job } terminou.
