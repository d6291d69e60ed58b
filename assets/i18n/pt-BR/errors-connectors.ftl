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
error-datagen-bounds = Os limites da coluna { $column } não servem: min deve ser menor ou igual a max, e os dois devem caber no tipo da coluna.
error-datagen-type = O datagen não sabe gerar a coluna { $column }: o tipo { $type } não combina com kind '{ $kind }'.
error-nexmark-column = { $expected ->
    [none] Os eventos do nexmark não têm “{ $column }”. Uma tabela dele tem event_type e as linhas person, auction e bid, cada uma com campos da suíte Nexmark: use um nome de lá ou retire a coluna.
   *[other] A coluna { $column } é { $found }, mas os eventos do nexmark a têm como { $expected }. Declare-a assim.
}
error-csv-type = O formato CSV não guarda a coluna { $column }: o tipo { $type } não tem forma em uma linha de texto.
error-csv-field = Em { $file }, linha { $line }: o campo { $column } tem “{ $value }”, que não é { $type }. Corrija o arquivo, ou use 'csv.ignore-parse-errors' = 'true' para ler NULL no lugar.
error-csv-too-many-fields = Em { $file }, linha { $line }: a linha tem { $found } campos e a tabela tem { $expected } colunas. Confira 'csv.field-delimiter', ou use 'csv.ignore-parse-errors' = 'true' para pular linhas assim.
error-csv-line-too-long = Em { $file }, linha { $line }: a linha passa de 16 MB. Talvez uma aspa tenha ficado aberta.
error-file-not-found = O arquivo ou a pasta { $path } não existe. Confira o caminho em 'path'.
error-file-outside = O caminho { $path } sai da pasta do laboratório. Use um caminho dentro dela.
error-file-denied = O sistema não deixa usar { $path }: { $reason }
error-file-io = Algo deu errado com o arquivo { $path }: { $reason }
error-record-of-other-type = O programa não sabe ler a linha ({ $row }): os valores são de outro tipo.
