# Conectores, formatos, arquivos e as opções de WITH.
error-connector-missing = A tabela não diz de onde vem: falta a opção 'connector' em WITH. Os conectores são: { $available }.
error-connector-unknown = Não há conector chamado “{ $name }”. { $nearest ->
    [none] Os conectores são: { $available }.
   *[other] Você quis dizer “{ $nearest }”? Os conectores são: { $available }.
}
error-connector-not-source = A tabela { $table } não pode ser lida: o conector '{ $connector }' só serve de sink. Escreva nela com INSERT INTO.
error-connector-not-sink = Não dá para escrever na tabela { $table }: o conector '{ $connector }' só serve de fonte.
error-format-missing = Falta a opção 'format' em WITH: como são as linhas do arquivo? Os formatos são: { $available }.
error-format-unknown = Não há formato chamado “{ $name }”. { $nearest ->
    [none] Os formatos são: { $available }.
   *[other] Você quis dizer “{ $nearest }”? Os formatos são: { $available }.
}
error-option-missing = Falta a opção '{ $name }' em WITH.
error-option-unknown = O conector '{ $connector }' não conhece a opção '{ $name }'. { $nearest ->
    [none] Ele conhece: { $supported }.
   *[other] Você quis dizer '{ $nearest }'? Ele conhece: { $supported }.
}
error-option-value = A opção '{ $name }' não aceita o valor '{ $value }'. Ela espera { $expected ->
    [boolean] true ou false
    [integer] um número inteiro
    [number] um número
    [duration] uma duração, como 10 s ou 1 min
    [size] um tamanho, como 128 MB
    [character] um só caractere
   *[other] um destes valores: { $expected }
}.
error-option-out-of-range = O valor { $value } não serve para a opção '{ $name }': está fora dos limites dela.
error-option-conflict = As opções '{ $name }' e '{ $other }' não combinam: deixe só uma das duas.
error-datagen-column = A opção '{ $name }' fala de uma coluna que a tabela não tem: “{ $column }”. { $nearest ->
    [none] As colunas são: { $available }.
   *[other] Você quis dizer “{ $nearest }”? As colunas são: { $available }.
}
error-datagen-bounds = Os limites da coluna { $column } não servem: min deve ser menor que max, e os dois devem caber no tipo da coluna.
error-datagen-type = O datagen não sabe gerar a coluna { $column }: o tipo { $type } não combina com kind '{ $kind }'.
error-faker-name = A opção '{ $name }' pede #{"{"}{ $expression }{"}"}, que não existe. { $nearest ->
    [none] Existem: { $available }.
   *[other] Você quis dizer { $nearest }? Existem: { $available }.
}
error-faker-arguments = A opção '{ $name }' tem argumentos errados ({ $found }). Escreve-se #{"{"}{ $expected }{"}"}, cada argumento entre aspas simples (dobradas dentro do SQL).
error-faker-syntax = Não dá para ler a opção '{ $name }' a partir do caractere { $position }: “{ $value }”. Uma expressão é #{"{"}Grupo.nome 'argumento'{"}"}, com a chave fechada e cada argumento entre aspas simples.
error-faker-type = O faker não sabe fazer a coluna { $column }: uma expressão dá um texto, que não é { $type }.
error-faker-value = A expressão da coluna { $column } deu “{ $value }”, que não é { $type }. Escolha outra expressão ou outro tipo.
error-socket-failed = A conexão com { $name } falhou: { $reason }. Inicie antes quem envia as linhas, como “nc -lk 9999”, e confira hostname e port.
error-socket-elsewhere = { $name } é outra máquina, e o lab só se conecta à própria. Use localhost, ou inicie o Riacho com --remote.
error-pasted-empty = Não há tabela no texto: a primeira linha tem os nomes das colunas, e depois vem ao menos uma linha.
error-nexmark-column = { $expected ->
    [none] Os eventos do nexmark não têm “{ $column }”. Uma tabela dele tem event_type e as linhas person, auction e bid, cada uma com campos da suíte Nexmark: use um nome de lá ou retire a coluna.
   *[other] A coluna { $column } é { $found }, mas os eventos do nexmark a têm como { $expected }. Declare-a assim.
}
error-csv-type = O formato CSV não guarda a coluna { $column }: o tipo { $type } não tem forma em uma linha de texto.
error-csv-field = Em { $file }, linha { $line }: o campo { $column } tem “{ $value }”, que não é { $type }. Corrija o arquivo, ou use 'csv.ignore-parse-errors' = 'true' para ler NULL no lugar.
error-csv-too-many-fields = Em { $file }, linha { $line }: a linha tem { $found } campos e a tabela tem { $expected } colunas. Confira 'csv.field-delimiter', ou use 'csv.ignore-parse-errors' = 'true' para pular linhas assim.
error-line-too-long = Em { $file }, linha { $line }: a linha passa de 16 MB. Talvez uma aspa tenha ficado aberta, ou o arquivo não seja de linhas.
error-csv-behind-quote = Em { $file }, linha { $line }: o campo { $column } continua depois da aspa que o fecha. Dobre as aspas de dentro, escolha outro 'csv.quote-character' ou use 'csv.ignore-parse-errors' = 'true' para pular linhas assim.
error-csv-too-few-fields = Em { $file }, linha { $line }: a linha acaba depois do campo { $found }, e são lidas { $expected } colunas. Confira 'csv.field-delimiter', ou use 'csv.ignore-parse-errors' = 'true' para ler NULL no que falta.
error-csv-open-quote = Em { $file }, linha { $line }: uma aspa abre no campo { $column } e nunca fecha. Feche-a, escolha outro 'csv.quote-character' ou use 'csv.disable-quote-character' = 'true'.
error-json-syntax = Em { $file }, linha { $line }: “{ $value }” não é JSON ({ $reason }). Cada linha é um objeto; com 'json.ignore-parse-errors' = 'true' tais linhas são puladas.
error-json-no-object = Em { $file }, linha { $line }: “{ $value }” não é um objeto. Cada linha é um objeto; com 'json.ignore-parse-errors' = 'true' tais linhas são puladas.
error-json-field = Em { $file }, linha { $line }: o campo { $field } tem { $value }, que não é { $type }. Corrija o arquivo ou use 'json.ignore-parse-errors' = 'true' para ler NULL no lugar.
error-json-missing-field = Em { $file }, linha { $line }: falta o campo { $field } em { $value }. Sem 'json.fail-on-missing-field' ele é lido como NULL.
error-change-incomplete = Em { $file }, linha { $line }: “{ $value }” não tem um “{ $field }” que sirva, e uma mudança em { $format } precisa dele. Corrija o arquivo, ou pule linhas assim com '{ $format }.ignore-parse-errors' = 'true'.
error-change-unknown = Em { $file }, linha { $line }: { $format } não conhece “{ $field }” chamado “{ $kind }” (em “{ $value }”). Corrija o arquivo, ou pule linhas assim com '{ $format }.ignore-parse-errors' = 'true'.
error-change-schema-written = Mudanças são gravadas sem o seu esquema: deixe '{ $name }' de fora onde a tabela é gravada.
error-changes-in-batch = A tabela { $table } guarda mudanças, e uma consulta em batch lê só linhas inseridas. Leia-a com SET 'execution.runtime-mode' = 'streaming'.
error-format-type = O formato { $format } não guarda a coluna { $column }: não tem forma para o tipo { $type }. Converta a coluna com CAST para outro tipo, ou escolha outro formato.
error-format-write = As linhas não puderam ser gravadas: { $reason }.
error-orc-moment = ORC não guarda { $value }: nele o último segundo antes de 1970 é o primeiro de 1970. Grave tais linhas em outro formato, ou deixe-as de fora.
error-file-cut-short = { $file } está cortado, ou nem é um arquivo { $format }: não termina como um. Copie-o de novo por inteiro, escolha outro 'format', ou tire-o da pasta.
error-file-garbled = { $file } está danificado, ou nem é um arquivo { $format }: os bytes não combinam entre si. Grave-o de novo, escolha outro 'format', ou tire-o da pasta.
error-csv-encoding = Em { $file }, linha { $line }: o campo { $column } tem bytes que não são UTF-8 (“{ $value }”). Salve o arquivo em UTF-8, ou use 'csv.ignore-parse-errors' = 'true' para ler NULL no lugar.
error-json-encoding = Em { $file }, linha { $line }: o campo { $field } tem bytes que não são UTF-8 (“{ $value }”). Salve o arquivo em UTF-8, ou use 'json.ignore-parse-errors' = 'true' para pular linhas assim.
error-file-broken = { $file } não pode ser lido como { $format } ({ $reason }). Grave-o de novo, ou tire-o da pasta.
error-file-column-type = Em { $file }: a coluna { $column } tem { $found }, e a tabela diz { $type }. Declare a coluna como está no arquivo, e converta-a com CAST na consulta.
error-json-type = JSON não comporta a coluna { $column }: o tipo { $type } não tem forma nele. As chaves de um mapa precisam ser textos.
error-json-map-key-null = Um mapa com chave NULL não pode ser escrito em JSON. Use 'json.map-null-key.mode' = 'DROP' para deixar essas entradas de fora ou 'LITERAL' para escrever um texto no lugar da chave.
error-raw-columns = O formato raw tem exatamente uma coluna, e a tabela tem estas: { $columns }. Para várias, use csv ou json.
error-raw-type = O formato raw não comporta a coluna { $column }: o tipo { $type } não tem bytes próprios. Ele aceita textos, bytes, BOOLEAN e números que não sejam DECIMAL.
error-raw-size = Em { $file }, linha { $line }: { $found } bytes não são um { $type } para a coluna { $column }. O formato raw lê os bytes de um número, não os algarismos; para algarismos, use csv.
error-raw-null = O formato raw não escreve NULL, que a coluna { $column } tem em uma linha. Deixe tais linhas de fora ou use csv ou json.
error-file-not-found = O arquivo ou a pasta { $path } não existe. Confira o caminho em 'path'.
error-file-outside = O caminho { $path } sai da pasta do laboratório. Use um caminho dentro dela.
error-file-denied = O sistema não deixa usar { $path }: { $reason }. Veja de quem é e quem pode usá-lo, ou escolha outro 'path'.
error-file-io = Algo deu errado com o arquivo { $path }: { $reason }. Veja se o disco está lá e tem espaço, e rode de novo.
error-record-of-other-type = O programa não sabe ler a linha ({ $row }): os valores são de outro tipo.
error-metadata-none = A tabela { $table } declara colunas METADATA, e o conector '{ $connector }' não tem metadados. Tire-as do CREATE TABLE.
error-metadata-unknown = Não há metadado com a chave { $name } para a tabela { $table }. { $nearest ->
    [none] Há: { $available }.
   *[other] Você quis dizer { $nearest }? Há: { $available }.
}
error-metadata-not-written = Não dá para escrever na tabela { $table }: a coluna { $column } é METADATA, que o conector só lê. Declare-a METADATA VIRTUAL.
error-partition-type = Uma tabela não pode ser particionada por { $column }: valores do tipo { $type } não dão nome de pasta.
error-partition-value = A pasta { $column }={ $value } não é uma partição: “{ $value }” não é { $type }.
error-partition-time = A partição { $partition } não tem hora: “{ $value }” não é um momento. Diga com '{ $name }' como as colunas formam um: cada uma fica ali pelo nome, atrás de um cifrão.
error-sink-parallelism-key = O sink da tabela { $table } roda { $parallelism } vezes por seu 'sink.parallelism', e suas linhas mudam outras: só uma chave primária pode reparti-las, e não há nenhuma. Declare PRIMARY KEY (..) NOT ENFORCED ou tire a opção.
