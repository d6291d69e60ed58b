# Erros do texto SQL: leitura, nomes, tipos, catálogo, configurações.
error-syntax-unexpected = Não esperava “{ $found }” aqui. { $nearest ->
    [none] Confira o que vem antes: talvez falte uma vírgula, um parêntese ou uma palavra.
   *[other] Você quis dizer { $nearest }?
}
error-syntax-expected = Esperava { $expected } aqui, mas encontrei “{ $found }”. { $nearest ->
    [none] Confira o que vem antes.
   *[other] Você quis dizer { $nearest }?
}
error-syntax-end = O comando termina cedo demais. Complete-o: falta alguma coisa no fim.
error-syntax-end-expected = O comando termina cedo demais: falta { $expected }.
error-syntax-character = O caractere “{ $found }” não faz parte do SQL do Flink. Apague-o, ou ponha-o entre aspas simples.
error-reserved-word = “{ $word }” é uma palavra reservada e não pode ser um nome. Escreva `{ $word }`, entre crases, ou escolha outro nome.
error-unclosed-quote = Falta fechar as aspas (ou a crase) que começam aqui.
error-unclosed-comment = Falta fechar o comentário: termine-o com */.
error-operator-unknown = O Flink não tem “{ $found }”. Use { $nearest }.
error-nested-too-deep = O comando tem parênteses demais, uns dentro dos outros. Divida-o em partes com WITH ou com views.
error-too-many-joins = A consulta junta mais de { $most } tabelas e subconsultas, contando as das views. Grave os resultados intermediários em tabelas, cada um com a sua consulta.
error-too-many-relations = A consulta lê mais de { $most } tabelas e subconsultas, contando as das views. Divida-a, ou leia cada view e cada consulta de WITH uma só vez.
error-statement-too-long = O comando é longo demais: o limite é de { $most } palavras e sinais. Divida-o.
error-unsupported-statement = O comando { $name } não existe aqui. Confira a grafia, ou veja os comandos na ajuda.
error-unsupported-syntax = { $name } não existe no SQL do Flink. Confira a grafia, ou diga o mesmo de outro modo.
error-unknown-type = Não existe o tipo { $name }. Você quis dizer { $nearest }?
error-type-out-of-range = O tipo { $name } está fora dos limites. DECIMAL tem no máximo 38 dígitos, TIMESTAMP no máximo 9 casas, e um texto tem ao menos 1 caractere.
error-constraint-enforced = O Flink não guarda os dados, por isso não pode garantir a chave primária. Escreva PRIMARY KEY (..) NOT ENFORCED.
error-watermark-twice = Uma tabela tem no máximo um WATERMARK. Deixe só um deles.
error-watermark-column = A coluna “{ $name }” do WATERMARK não existe na tabela. { $nearest ->
    [none] Declare-a como TIMESTAMP(3).
   *[other] Você quis dizer “{ $nearest }”?
}
error-watermark-type = “{ $name }” tem o tipo { $type } e não serve para WATERMARK. Use TIMESTAMP(p) ou TIMESTAMP_LTZ(p), com p de 0 a 3.
error-watermark-exists = A tabela já tem um WATERMARK. Use ALTER TABLE .. MODIFY para mudá-lo.
error-watermark-missing = A tabela não tem WATERMARK para apagar ou mudar. Crie um com ALTER TABLE .. ADD WATERMARK.
error-watermark-broken = O WATERMARK de “{ $name }” não serve mais para a tabela. Mude os dois em um só ALTER TABLE .. MODIFY, ou apague o WATERMARK antes.
error-unknown-table = Não existe a tabela ou view “{ $name }” (procurei { $path }). { $nearest ->
    [none] SHOW TABLES mostra as que existem; crie-a com CREATE TABLE antes de usá-la.
   *[other] Você quis dizer “{ $nearest }”? Maiúsculas e minúsculas contam.
}
error-unknown-view = Não existe a view “{ $name }” ({ $path }). SHOW VIEWS mostra as que existem.
error-unknown-database = Não existe o banco de dados “{ $name }” no catálogo { $catalog }. { $nearest ->
    [none] SHOW DATABASES mostra os que existem.
   *[other] Você quis dizer “{ $nearest }”?
}
error-unknown-catalog = Não existe o catálogo “{ $name }”. { $nearest ->
    [none] SHOW CATALOGS mostra os que existem.
   *[other] Você quis dizer “{ $nearest }”?
}
error-unknown-column = Não existe a coluna “{ $name }”. { $nearest ->
    [none] DESCRIBE mostra as colunas de uma tabela.
   *[other] Você quis dizer “{ $nearest }”? Maiúsculas e minúsculas contam.
}
error-unknown-qualifier = Não há tabela chamada “{ $name }” no FROM. { $nearest ->
    [none] Se a tabela tem um apelido (AS), use o apelido.
   *[other] Você quis dizer “{ $nearest }”?
}
error-ambiguous-column = A coluna “{ $name }” existe mais de uma vez. Diga de qual tabela: tabela.{ $name }.
error-table-exists = Já existe uma tabela ou view “{ $name }” ({ $path }). Use outro nome, DROP, ou CREATE .. IF NOT EXISTS.
error-table-temporary-first = Existe uma tabela temporária com o nome { $name }. Apague-a antes, com DROP TEMPORARY.
error-partition-columns = Uma partição tem um valor para cada uma destas colunas e para nenhuma outra: { $available }.
error-partition-exists = A partição ({ $partition }) já existe. Acrescente IF NOT EXISTS se isso puder acontecer.
error-partition-missing = Não há partição ({ $partition }) no catálogo: SHOW PARTITIONS mostra as que foram criadas com ALTER TABLE .. ADD PARTITION; as linhas que um INSERT gravou não contam ali. Acrescente IF EXISTS se isso puder acontecer.
error-table-not-partitioned = A tabela { $name } não tem partições (PARTITIONED BY).
error-not-a-table = { $name } é uma view, e este comando é para tabelas.
error-not-a-view = { $name } é uma tabela, e este comando é para views.
error-column-exists = A coluna “{ $name }” já existe na tabela. Dê outro nome a uma delas.
error-column-in-use = A coluna “{ $name }” é usada pela chave, pelo WATERMARK, por uma partição ou por outra coluna. Mude isso antes.
error-column-twice = A coluna “{ $name }” aparece duas vezes. Deixe só uma delas.
error-column-broken = A fórmula da coluna “{ $name }” não pôde ser entendida.
error-column-count = São { $found } colunas onde deveria haver { $expected }.
error-key-column = A coluna “{ $name }” é calculada ou de metadados e não pode estar na chave primária.
error-constraint-unknown = A tabela não tem a restrição “{ $name }”. A chave primária dela se chama “{ $nearest }”.
error-partition-not-physical = A coluna “{ $name }” é calculada ou de metadados, e as linhas não podem ser separadas por ela (PARTITIONED BY).
error-alter-temporary = { $name } é temporária, e ALTER só muda o que é permanente. Apague-a e crie-a como você quer.
error-option-exists = A outra tabela também tem a opção '{ $name }'. Troque-a com OVERWRITING OPTIONS, ou deixe as da outra de fora com EXCLUDING OPTIONS.
error-partitions-exist = A outra tabela já tem partições. Deixe-as de fora com EXCLUDING PARTITIONS.
error-key-exists = A tabela já tem uma chave primária.
error-option-not-reset = A opção '{ $name }' não pode ser redefinida. Mude-a com ALTER TABLE .. SET.
error-create-as-only = CREATE TABLE .. AS não pode ter { $name }. Crie a tabela antes, e preencha-a com INSERT.
error-key-missing = A tabela não tem chave primária para apagar ou mudar. Crie uma com ALTER TABLE .. ADD PRIMARY KEY.
error-catalog-exists = O catálogo “{ $name }” já existe. Use-o com USE CATALOG, ou escolha outro nome.
error-catalog-in-use = O catálogo “{ $name }” está em uso. Mude para outro com USE CATALOG e tente de novo.
error-catalog-type = Não há catálogo do tipo '{ $name }' aqui. Use 'type' = '{ $nearest }'.
error-database-exists = O banco de dados “{ $name }” já existe no catálogo { $catalog }. Use-o com USE, ou escreva IF NOT EXISTS.
error-database-not-empty = O banco de dados “{ $name }” (catálogo { $catalog }) não está vazio. Apague o que há nele, ou escreva CASCADE.
error-function-exists = A função “{ $name }” já existe ({ $path }). Apague-a com DROP FUNCTION, ou escreva IF NOT EXISTS.
error-function-missing = Não existe a função “{ $name }” ({ $path }). { $nearest ->
    [none] SHOW USER FUNCTIONS mostra as que foram criadas.
   *[other] Você quis dizer “{ $nearest }”?
}
error-function-class-missing = A classe { $class } da função “{ $name }” não foi encontrada. O Riacho não carrega classes Java nem Python: use as funções que já existem.
error-view-broken = A view “{ $name }” não funciona mais: alguma coisa que ela usa mudou.
error-insert-into-view = { $name } é uma view, e só se escreve em tabelas.
error-module-loaded = O módulo “{ $name }” já está carregado.
error-module-twice = O módulo “{ $name }” aparece duas vezes.
error-module-unsupported = Não há aqui um módulo “{ $name }”: há apenas o core, se estiver carregado.
error-distinct-type = Em um fluxo, { $name }(DISTINCT ..) não aceita { $type }. Use um campo ou um texto dele, ou o modo batch.
error-jar-missing = O arquivo { $name } não existe: { $root ->
    [none] ele é procurado onde o Riacho foi iniciado, a não ser que comece com /.
   *[other] ele é procurado na pasta { $root }, também se começa com /.
} Confira o caminho.
error-jar-not-added = { $name } não foi adicionado. SHOW JARS lista o que foi.
error-jar-unsupported = O arquivo { $name } foi anotado, mas o Riacho não roda código Java: nada nele terá efeito.
error-modify-unsupported = Nenhum conector daqui sabe fazer { $statement } na tabela { $table }. Escreva os dados de novo com INSERT.
error-statement-needs-job = Este comando inicia um job e não pode ser feito aqui.
error-setting-unknown = A configuração “{ $name }” foi guardada, mas nada aqui a lê. { $nearest ->
    [none] Confira a grafia.
   *[other] Você quis dizer “{ $nearest }”?
}
error-aggregate-misplaced = A agregação { $name } não pode estar em { $clause }. Para filtrar pelo resultado de uma agregação, use HAVING.
error-aggregate-nested = A agregação { $name } está dentro de outra. Calcule a de dentro em uma subconsulta no FROM.
error-not-grouped = A coluna “{ $name }” não está no GROUP BY. Ponha-a lá, ou use uma agregação como MAX({ $name }).
error-condition-type = { $clause } precisa de uma condição (BOOLEAN), mas a expressão é { $type }. Compare-a com alguma coisa.
error-star-without-from = O * precisa de um FROM: sem ele não há colunas.
error-null-untyped = Um NULL sozinho não tem tipo. Escreva CAST(NULL AS INT), com o tipo que você quer.
error-values-types = A coluna { $column } de VALUES mistura tipos que não combinam. Converta-os com CAST.
error-set-columns = As duas partes de { $operation } têm números diferentes de colunas.
error-set-types = A coluna { $column } de { $operation } tem tipos que não combinam. Converta um deles com CAST.
error-limit-not-number = LIMIT, OFFSET e FETCH esperam um número inteiro, como em LIMIT 10.
error-order-ordinal = ORDER BY { $found }: só há { $columns } colunas. Use um número de 1 a { $columns }, ou um nome.
error-order-not-output = Aqui só se pode ordenar pelas colunas do resultado. Ponha a coluna no SELECT.
error-literal-out-of-range = O número { $found } é grande demais. O maior inteiro é 9223372036854775807.
error-literal-invalid = “{ $found }” não está na forma certa. Exemplos: DATE '2024-01-31', TIMESTAMP '2024-01-31 12:00:00', INTERVAL '1' MINUTE.
error-window-arguments = { $name } não aceita ({ $types }). Escreva, por exemplo, TUMBLE(coluna_de_tempo, INTERVAL '1' MINUTE).
error-window-time = Em streaming uma janela precisa de um atributo de tempo, e a coluna é { $type }. Declare WATERMARK FOR na tabela, ou use PROCTIME().
error-window-emit = Só as janelas de GROUP BY TUMBLE(..) e HOP(..) respondem antes ou depois do seu fim. Use uma delas, ou RESET em table.exec.emit.early-fire.enabled e table.exec.emit.late-fire.enabled.
error-window-emit-delay = table.exec.emit.{ $when }-fire.enabled está ligado, mas { $key } não foi definido. Use SET com um tempo, como '1 s'; '0 s' responde a cada linha.
error-window-emit-lateness = As janelas devem responder com atraso, mas nenhuma linha pode chegar atrasada. Use SET em 'table.exec.emit.allow-lateness' com quanto tempo depois do fim a janela ainda aceita linhas, como '1 min'.
error-window-emit-late-delay = As respostas atrasadas têm { $delay } ms entre si, mas as linhas só podem atrasar { $lateness } ms. Diminua table.exec.emit.late-fire.delay ou aumente table.exec.emit.allow-lateness.
error-window-batch-session = Janelas SESSION não existem em modo batch. Use TUMBLE, ou SET 'execution.runtime-mode' = 'streaming'.
error-window-not-grouped = { $name } de uma janela precisa da mesma janela no GROUP BY, com os mesmos argumentos.
error-sink-schema = As colunas da consulta não combinam com as da tabela { $table }. Consulta: { $query }. Tabela: { $sink }. Acerte a ordem e o número, e converta com CAST.
error-sink-null = A coluna “{ $name }” é NOT NULL e precisa de um valor no INSERT.
error-overwrite-streaming = INSERT OVERWRITE na tabela { $table } só existe em modo batch. Use INSERT INTO, ou SET 'execution.runtime-mode' = 'batch'.
error-event-time-of-other-mode = A tabela “{ $table }” tem WATERMARK e foi criada no outro modo; agora o modo é { $mode } e a coluna “{ $column }” não pode aparecer no resultado (o Flink também falha aqui). Apague a tabela e crie-a de novo neste modo, ou escreva CAST({ $column } AS TIMESTAMP(3)).
error-window-table-session = { "SESSION" } não é tabela de janelas no Flink 1.18. Escreva GROUP BY SESSION(coluna_de_tempo, INTERVAL '1' MINUTE).
error-window-table-arguments = { $name } se chama de outro modo: { $usage }, com todos os tamanhos como intervalos.
error-window-table-time = { $name } precisa de uma coluna de tempo, e { $column } é { $type }. Ponha em DESCRIPTOR uma coluna TIMESTAMP ou TIMESTAMP_LTZ.
error-window-months = Janelas não se contam em meses nem anos, que têm tamanhos diferentes. Use DAY, HOUR, MINUTE ou SECOND.
error-window-lengths = { $rule ->
    [positive] Os tamanhos de { $name } precisam ser maiores que zero.
    [multiple] O tamanho de { $name } precisa ser múltiplo exato do seu passo. Escolha tamanhos que o dividam sem resto.
   *[offset] O deslocamento de { $name } precisa ser menor que a distância de uma janela à próxima.
}
error-grouping-sets-many = Este GROUP BY vale por mais de { $most } conjuntos de agrupamento. Tire colunas do CUBE, ou liste os conjuntos com GROUPING SETS.
error-grouping-without-group = GROUPING distingue conjuntos de agrupamento, e não há GROUP BY. Acrescente um, ou tire o GROUPING.
error-grouping-not-key = Um argumento de GROUPING não é expressão do GROUP BY. Use uma pela qual se agrupa.
error-over-misplaced = { $name } com OVER não pode estar em { $clause }. Calcule numa subconsulta e use a coluna dela fora.
error-over-nested = { $name } com OVER está dentro de outra chamada com OVER. Calcule a de dentro numa subconsulta.
error-over-rank-order = { $name } numera linhas numa ordem, e a janela não tem uma que mude de linha para linha. Acrescente ORDER BY com uma coluna dentro de OVER (..).
error-over-distinct-batch = DISTINCT com OVER só existe em modo streaming. Tire o DISTINCT de { $name }, ou agregue numa subconsulta.
error-over-frame = O quadro desta janela termina antes de começar. Ponha primeiro o limite anterior: BETWEEN .. PRECEDING AND CURRENT ROW.
error-over-distance = Este limite não é uma distância constante. Use um número inteiro com ROWS; um número ou um intervalo com RANGE.
error-over-range-type = RANGE com uma distância precisa de exatamente uma coluna no ORDER BY pela qual se meça, e aqui ela é ({ $type }). Use ROWS, ou ordene por um número (com um número) ou por um tempo (com um intervalo).
error-over-range-batch = RANGE com um intervalo só existe em modo streaming. Use ROWS, ou SET 'execution.runtime-mode' = 'streaming'.
error-over-not-aggregate = { $name } não é uma agregação, e OVER não se aplica a ela. Tire o OVER (..).
error-over-filter = FILTER e OVER não andam juntos. Escreva { $name }(CASE WHEN .. THEN .. END) OVER (..).
error-over-needed = { $name } olha para outras linhas e precisa de OVER (..). Escreva, por exemplo, { $name }(..) OVER (ORDER BY coluna_de_tempo).
error-unknown-window = Não existe a janela { $name }. Defina-a com WINDOW { $name } AS (..) depois das outras cláusulas.
error-over-without-frame = { $name } tem um quadro próprio, e não se pode dar ROWS nem RANGE. Tire-os.
error-mini-batch-latency = O mini-batch está ligado, e não se disse quanto as linhas podem esperar. SET 'table.exec.mini-batch.allow-latency' = '1 s', ou desligue-o.
error-mini-batch-size = O mini-batch está ligado, e não se disse quantas linhas podem esperar. SET 'table.exec.mini-batch.size' = '1000', ou desligue-o.
error-match-order = MATCH_RECOGNIZE procura linhas em ordem de tempo: ORDER BY precisa começar por um atributo de tempo crescente. Ordene pela coluna de um WATERMARK ou por PROCTIME().
error-match-pattern = { $found } é mais do que os padrões do Flink dizem. Escreva variáveis uma depois da outra, cada uma com *, +, ?, {"{"}n{"}"} ou {"{"}n,m{"}"}, sem grupos, alternativas nem ?? relutante.
error-match-variable-twice = A variável { $name } aparece duas vezes no padrão. Dê a cada lugar um nome próprio.
error-match-variable-unknown = Não existe a variável { $name } no padrão. Pule para uma que PATTERN nomeia.
error-match-greedy-last = O padrão termina com { $name } e um quantificador guloso, e nunca se saberia completo. Ponha um ? depois do quantificador, ou termine com uma variável simples.
error-match-physical-offset = { $name } olha linhas pelo lugar, o que os padrões do Flink não fazem. Use LAST(A.coluna, 1) para a linha anterior de uma variável.
error-match-navigation = { $name } recebe uma coluna de uma variável, e quantas linhas adiante como constante. Escreva, por exemplo, LAST(A.preco, 1).
error-match-time = Não há tal atributo de tempo entre as colunas de MATCH_RECOGNIZE. Use MATCH_ROWTIME() com tempo de evento e MATCH_PROCTIME() com tempo de processamento.
error-overwrite-not-supported = INSERT OVERWRITE não serve para a tabela { $table }: o conector '{ $connector }' não substitui o que escreveu. Use INSERT INTO.
error-hint-options-disabled = A dica OPTIONS está desligada. Ligue-a com SET 'table.dynamic-table-options.enabled' = 'true', ou tire-a.
error-type-of-computed = O Flink não sabe dizer o TYPEOF disto: o planejador diz { $type }, e o código que o calcula pode dar NULL. Pergunte pelo tipo daquilo de que é calculado.
error-window-batch-proctime = No modo batch não há tempo de processamento para fazer janelas. Use uma coluna de tempo, ou SET 'execution.runtime-mode' = 'streaming'.
error-window-batch-distinct = { $name }(DISTINCT ..) não pode estar em janelas de GROUP BY no modo batch. Use TABLE(TUMBLE(..)), ou conte sobre um SELECT DISTINCT.
error-window-grouping-sets = Janelas de GROUP BY não combinam com GROUPING SETS, ROLLUP ou CUBE. Use TABLE(TUMBLE(..)) e agrupe por window_start e window_end.
error-insert-columns-with = INSERT com uma lista de colunas ou PARTITION não aceita WITH. Escreva a consulta do WITH como subconsulta, ou faça dela uma view.
error-partition-column = A coluna { $name } não cabe em PARTITION: a tabela { $table } é particionada por [{ $available }]. Ponha o valor dela na consulta.
error-subquery-columns = A subconsulta tem { $found } colunas, mas aqui cabem { $expected }. Escolha as colunas no SELECT dela.
error-subquery-many-rows = A subconsulta deu mais de uma linha onde cabe um valor só. Use LIMIT 1, um agregado como MAX, ou um WHERE que deixe uma linha.
error-correlate-unexpected = Esta subconsulta lê colunas da consulta de fora de um jeito que não pode ser desfeito (Flink: unexpected correlate variable). Escreva-a como um JOIN.
error-unnest-alone = UNNEST precisa, ao lado, das linhas cujo array ele desfaz. Escreva FROM tabela CROSS JOIN UNNEST(array) AS u (x).
error-unnest-type = UNNEST recebe um ARRAY, MAP ou MULTISET, não { $type }.
error-using-column = A coluna “{ $name }” do USING não está uma vez em cada tabela. Use ON.
error-unnest-constant = UNNEST lê um array de uma coluna à sua esquerda; este é igual para todas as linhas, e o Flink não tem plano para isso. Use VALUES no lugar dele.
error-temporal-alone = FOR SYSTEM_TIME AS OF fica depois da tabela direita de um JOIN e nomeia um atributo de tempo da esquerda.
error-temporal-time = FOR SYSTEM_TIME AS OF recebe um atributo de tempo da tabela esquerda. Nomeie a coluna do WATERMARK dela, ou uma que é PROCTIME() para consultar uma tabela agora.
error-temporal-kind = Um join FOR SYSTEM_TIME AS OF é um JOIN ou um LEFT JOIN.
error-temporal-no-key = Um join temporal exige uma chave primária na tabela com versões, e não há nenhuma. Declare PRIMARY KEY .. NOT ENFORCED, ou guarde a última linha de cada chave com ROW_NUMBER.
error-temporal-key-not-asked = A condição de um join temporal deve igualar a chave primária [{ $key }] da tabela com versões a colunas da esquerda.
error-temporal-no-rowtime = A tabela com versões “{ $name }” não tem tempo de evento. Declare um WATERMARK.
error-temporal-no-lookup = “{ $name }” não pode ser consultada por chave quando chega uma linha. Só se consulta a própria tabela, sem WATERMARK e sem view que filtre, com um destes conectores: { $available }. Use uma tabela assim, junte pelo tempo do evento, ou tire o FOR SYSTEM_TIME AS OF. O Flink responde “Processing-time temporal join is not supported yet”.
error-lookup-no-key = Um join que consulta a tabela [{ $table }] precisa de uma igualdade com uma coluna dela. Iguale uma coluna da tabela, como ela é, a uma coluna da esquerda ou a uma constante do mesmo tipo.
error-lookup-null-safe = A consulta por chave procura chaves iguais, e NULL não é igual a nada: o join com [{ $table }] aceita “=”, e não IS NOT DISTINCT FROM.
error-hint-lookup-list = A dica LOOKUP só aceita opções, como em LOOKUP('table' = 'd').
error-hint-lookup-table = Falta na dica LOOKUP a opção 'table': a tabela que vai ser consultada, ou o apelido dela.
error-hint-lookup-retry = A dica LOOKUP aceita todas as opções 'retry-predicate', 'retry-strategy', 'fixed-delay' e 'max-attempts', ou nenhuma delas.
error-hint-lookup-unknown = A dica LOOKUP fala de “{ $name }”, que não é uma tabela deste FROM. Existem: { $available }.
error-duplicate-table = Duas tabelas do FROM se chamam “{ $name }”. Dê outro nome a uma delas com AS.
