# Erros de valores, tipos, expressões e funções.
error-unknown-function = Não existe a função { $name }. { $nearest ->
    [none] SHOW FUNCTIONS lista as que existem.
   *[other] O nome mais próximo é { $nearest }.
}
error-function-arguments = { $name } não aceita ({ $types }). Use assim: { $usage }. Se o tipo não serve, converta com CAST.
error-cast-unsupported = { $from } não se converte em { $to }. Converta por um tipo intermediário, por exemplo STRING.
error-cast-failed = O valor “{ $value }” ({ $from }) não se converte em { $to }. Corrija o valor, ou use TRY_CAST, que dá NULL.
error-not-a-condition = Aqui é preciso uma condição (BOOLEAN), mas a expressão é { $type }. Compare-a com algo.
error-types-do-not-mix = Estes tipos não se combinam: { $types }. Converta os valores para um mesmo tipo com CAST.
error-division-by-zero = Divisão por zero. Proteja o divisor: NULLIF(divisor, 0) dá NULL em vez de falhar.
error-like-escape = No padrão “{ $pattern }”, depois do caractere de ESCAPE só pode vir %, _ ou ele mesmo.
error-map-key-null = Uma chave de MAP é NULL. O Flink guarda essa entrada; o Riacho não consegue. Dê um valor à chave, por exemplo com COALESCE.
error-remainder-mixed = O resto entre um DECIMAL e um número inteiro não pode ser calculado assim: o Flink não consegue planejá-lo. Use CAST nos dois lados para o mesmo DECIMAL.
error-date-pattern = A letra “{ $letter }” do padrão “{ $pattern }” não é conhecida. Valem, por exemplo, yyyy-MM-dd HH:mm:ss.SSS; texto fixo vai entre aspas simples.
error-unknown-time-unit = “{ $name }” não é uma unidade de tempo. Valem YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE e SECOND.
error-unknown-time-zone = Não existe o fuso horário “{ $name }”. Use um nome como America/Sao_Paulo, UTC, ou um desvio como GMT-03:00.
error-timestamp-precision = TO_TIMESTAMP_LTZ aceita a precisão 0 (segundos) ou 3 (milissegundos), e não { $found }.
error-value-of-other-type = O valor { $value } não é do tipo { $type } da coluna, ou está fora do que ele alcança.
error-row-of-other-length = A linha tem { $found } valores, mas a tabela tem { $expected } colunas.
error-column-not-made = Uma coluna não pôde ser calculada: { $reason }. É um defeito do Riacho; a consulta que o causou ajuda a corrigi-lo.
error-state-not-readable = O estado guardado de uma função de agregação não pôde ser lido. Ele é de outra consulta ou de outra versão; comece sem ele.
error-array-position = As posições de um array começam em 1, mas foi pedida a { $found }. Use array[1] para o primeiro elemento.
error-array-has-more = ELEMENT recebe um array de um só elemento, e este tem { $found }. Escolha um com array[1].
error-arrays-of-other-length = O array de chaves tem { $expected } elementos, e o de valores { $found }. Os dois precisam ter a mesma quantidade.
error-pattern-invalid = “{ $pattern }” não é um padrão válido. Procure um parêntese aberto; uma barra invertida torna literal um caractere especial.
error-hash-bits = SHA2 não tem forma de { $found } bits. Existem 224, 256, 384 e 512.
error-text-too-large = Uma função faria mais de { $most } MB de texto de uma vez. Repita, preencha ou junte menos.
error-base64-invalid = “{ $value }” não é Base64. São letras, dígitos, + e /, com = no fim.
error-unknown-charset = Não existe o conjunto de caracteres { $name }. Existem US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE e UTF-16LE.
error-random-bound = RAND_INTEGER sorteia abaixo do limite, então o limite precisa ser maior que zero; ele é { $found }.
error-json-invalid = “{ $value }” não é JSON. Confira as aspas em nomes e textos e as vírgulas a mais.
error-json-path-invalid = “{ $path }” não é um caminho de JSON. Escreva como $.nome, $['nome'] ou $.lista[0].
error-json-path-not-supported = O Riacho não segue o caminho “{ $path }”, embora o Flink siga. Use nomes, posições, [*], .. e filtros simples.
error-json-path-not-found = Não há nada no caminho { $path }. Comece com lax para receber NULL, ou diga o que devolver com ON ERROR.
error-json-empty = { $name } não encontrou nada, e ERROR ON EMPTY pede que falhe. Use NULL ON EMPTY ou DEFAULT .. ON EMPTY.
error-json-not-scalar = { $name } encontrou um array, um objeto ou null onde precisa de um valor só. Use JSON_QUERY para arrays e objetos.
error-json-scalar = { $name } encontrou um valor só onde precisa de um array ou objeto. Use JSON_VALUE, ou WITH WRAPPER.
error-json-other-type = O valor JSON { $value } não é do tipo { $type } que RETURNING pede. Receba como STRING e converta com CAST.
error-json-returning = JSON_VALUE não devolve { $type }. Devolve STRING, BOOLEAN, INT ou DOUBLE; converta o resultado com CAST.
error-json-null-key = O nome de um campo JSON não pode ser NULL ({ $found }). Use COALESCE para lhe dar um nome.
error-json-no-form = Não há JSON para valores do tipo { $type }. Converta o valor para STRING com CAST.
error-json-key-twice = O nome { $name } já está no objeto JSON, e JSON_OBJECTAGG aceita cada nome uma vez. Agrupe por ele ou use outros nomes.
error-only-in-batch = { $name } só funciona em modo batch. Use COUNT(DISTINCT ..), ou SET 'execution.runtime-mode' = 'batch'.
error-null-in-not-null-column = A coluna { $name } é NOT NULL, mas uma linha tem NULL nela. A expressão dá NULL embora as entradas não sejam: envolva com COALESCE, ou converta uma entrada para um tipo que aceita NULL; SET 'table.exec.sink.not-null-enforcer' = 'DROP' descarta essas linhas num INSERT.
