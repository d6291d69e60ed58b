# Erros de valores, tipos, expressões e funções.
error-unknown-function = Não existe a função { $name }. O nome mais próximo é { $nearest }.
error-function-arguments = { $name } não aceita ({ $types }). Use assim: { $usage }. Se o tipo não serve, converta com CAST.
error-cast-unsupported = { $from } não se converte em { $to }. Converta por um tipo intermediário, por exemplo STRING.
error-cast-failed = O valor “{ $value }” ({ $from }) não se converte em { $to }. Corrija o valor, ou use TRY_CAST, que dá NULL.
error-not-a-condition = Aqui é preciso uma condição (BOOLEAN), mas a expressão é { $type }. Compare-a com algo.
error-types-do-not-mix = Estes tipos não se combinam: { $types }. Converta os valores para um mesmo tipo com CAST.
error-division-by-zero = Divisão por zero. Proteja o divisor: NULLIF(divisor, 0) dá NULL em vez de falhar.
error-like-escape = No padrão “{ $pattern }”, depois do caractere de ESCAPE só pode vir %, _ ou ele mesmo.
error-date-pattern = A letra “{ $letter }” do padrão “{ $pattern }” não é conhecida. Valem, por exemplo, yyyy-MM-dd HH:mm:ss.SSS; texto fixo vai entre aspas simples.
error-unknown-time-unit = “{ $name }” não é uma unidade de tempo. Valem YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE e SECOND.
error-unknown-time-zone = Não existe o fuso horário “{ $name }”. Use um nome como America/Sao_Paulo, UTC, ou um desvio como GMT-03:00.
error-timestamp-precision = TO_TIMESTAMP_LTZ aceita a precisão 0 (segundos) ou 3 (milissegundos), e não { $found }.
error-value-of-other-type = O valor { $value } não é do tipo { $type } da coluna, ou está fora do que ele alcança.
error-row-of-other-length = A linha tem { $found } valores, mas a tabela tem { $expected } colunas.
error-column-not-made = Uma coluna não pôde ser calculada: { $reason }. É um defeito do Riacho; a consulta que o causou ajuda a corrigi-lo.
error-state-not-readable = O estado guardado de uma função de agregação não pôde ser lido. Ele é de outra consulta ou de outra versão; comece sem ele.
