# Erros de planos, grafos e operadores.
error-forward-parallelism = { $from } roda { $from-parallelism } vezes e { $to }, { $to-parallelism } vezes; assim as linhas não podem ir direto de um ao outro. Dê o mesmo paralelismo aos dois, ou ponha um rebalance entre eles.
error-operator-broke-promise = Um operador quebrou uma promessa sobre: { $promise } ({ $detail }). Isto é um defeito do Riacho: por favor, relate-o com a consulta.
error-plan-broken = O plano desta consulta não está inteiro ({ $reason }). Isto é um defeito do Riacho: por favor, relate-o com a consulta.
error-key-type = Não é possível agrupar por uma chave deste tipo ({ $reason }). Agrupe pelas partes dela, ou converta para STRING com CAST.
error-sort-type = Valores deste tipo não podem ser ordenados ({ $reason }). Ordene por outra coluna, ou converta para STRING com CAST.
error-rowtime-null = A coluna de tempo do evento { $column } é NULL em uma linha, e um watermark precisa de um tempo. Filtre essas linhas, ou dê a elas um tempo com COALESCE.
error-state-version = O checkpoint guarda estado da versão { $found }; este operador lê a versão { $known }. Inicie o job sem o checkpoint.
error-state-not-read = O estado no checkpoint não pôde ser lido ({ $reason }). Inicie o job sem o checkpoint.
error-state-not-written = O estado não pôde ser gravado no checkpoint ({ $reason }).
error-plan-advice-batch = EXPLAIN PLAN_ADVICE só existe em modo streaming. Tire a palavra, ou use SET 'execution.runtime-mode' = 'streaming'.
error-unbounded-in-batch = Consultar uma tabela sem fim, { $table }, em modo batch não é permitido: a consulta nunca terminaria. Use SET 'execution.runtime-mode' = 'streaming', ou dê um fim à tabela (no datagen: 'number-of-rows').
error-not-supported-yet = { $what } ainda não existe aqui: o Riacho não executa, embora o Flink execute.
error-sink-no-updates = A tabela { $table } aceita apenas linhas novas, mas a consulta altera linhas que já deu (elas vêm de { $producer }). Grave em uma tabela print, agrupe por uma janela, ou rode em modo batch.
error-sink-no-deletes = A tabela { $table } aceita apenas linhas novas, mas a consulta remove linhas (elas vêm de { $producer }). Grave em uma tabela print, ou rode em modo batch.
error-operator-no-updates = { $operator } aceita apenas linhas novas, mas a sua entrada altera linhas que já deu (elas vêm de { $producer }). Use-o antes da agregação, ou em modo batch.
error-sort-needs-time = Em streaming não é possível ordenar por uma coluna que não é atributo de tempo: a ordem de { $column } nunca estaria completa. Ordene primeiro por uma coluna de tempo do evento, em ordem crescente, acrescente um LIMIT, ou mude para o modo batch.
error-offset-needs-limit = OFFSET precisa de um LIMIT (ou FETCH) junto. Diga quantas linhas você quer depois das que foram puladas.
error-over-one-window = Num fluxo todas as chamadas com OVER compartilham uma janela, e estas diferem em PARTITION BY, ORDER BY ou quadro. Use uma janela para todas, ou rode em modo batch.
error-over-function-streaming = { $name } não roda sobre um fluxo. Use ROW_NUMBER, LAG ou uma agregação, ou rode em modo batch.
error-over-order-time = Num fluxo OVER se ordena por um atributo de tempo, e nada mais. Ordene pela coluna de um WATERMARK ou por PROCTIME(); para as primeiras linhas de outra ordem filtre ROW_NUMBER com <= por fora, ou use o modo batch.
error-over-descending = Num fluxo OVER se ordena por tempo crescente. Tire o DESC, ou filtre ROW_NUMBER com <= por fora para as últimas linhas.
error-over-following = Num fluxo o quadro termina na linha atual. Termine-o com AND CURRENT ROW, ou rode em modo batch.
error-rank-function-streaming = { $name } não existe para as primeiras linhas de um fluxo. Use ROW_NUMBER, ou rode em modo batch.
error-window-rank-function = { $name } não existe para as primeiras linhas de uma janela. Use ROW_NUMBER.
error-rank-end = Nenhuma linha tem número { $found } ou menor: a contagem começa em 1. Peça rn <= 1 ou mais.
error-rank-end-column = O Flink lê a última posição da coluna que está no lugar onde aqui está { $type }, que não é um número inteiro. Selecione todas as colunas (SELECT *) na consulta de dentro, para que os lugares não mudem.
error-rank-range = Um número de linha num fluxo precisa de um limite superior. Acrescente uma condição como rn <= 10.
error-window-merge = { $name } não se junta, e janelas que se sobrepõem são juntadas de fatias. Use TUMBLE, ou MIN, MAX ou outra agregação.
error-key-not-orderable = No modo batch não se pode ordenar, agrupar nem juntar por { $type }. Use o que há dentro dele, ou o seu texto: CAST(.. AS STRING).
error-distinct-beside = No modo batch { $name } não pode estar na mesma consulta que o DISTINCT de outra agregação. Calcule cada uma em sua consulta.
