# Connectors, formats, files and the options of WITH.
error-connector-missing = The table does not say where it comes from: the option 'connector' is missing in WITH. The connectors are: { $available }.
error-connector-unknown = There is no connector called “{ $name }”. { $nearest ->
    [none] The connectors are: { $available }.
   *[other] Did you mean “{ $nearest }”? The connectors are: { $available }.
}
error-connector-not-source = The table { $table } cannot be read: the connector '{ $connector }' is a sink only. Write to it with INSERT INTO.
error-connector-not-sink = The table { $table } cannot be written: the connector '{ $connector }' is a source only.
error-format-missing = The option 'format' is missing in WITH: what do the lines of the file look like? The formats are: { $available }.
error-format-unknown = There is no format called “{ $name }”. { $nearest ->
    [none] The formats are: { $available }.
   *[other] Did you mean “{ $nearest }”? The formats are: { $available }.
}
error-option-missing = The option '{ $name }' is missing in WITH.
error-option-unknown = The connector '{ $connector }' does not know the option '{ $name }'. { $nearest ->
    [none] It knows: { $supported }.
   *[other] Did you mean '{ $nearest }'? It knows: { $supported }.
}
error-option-value = The option '{ $name }' does not take the value '{ $value }'. It expects { $expected ->
    [boolean] true or false
    [integer] a whole number
    [number] a number
    [duration] a duration, such as 10 s or 1 min
    [size] a size, such as 128 MB
    [character] a single character
   *[other] one of these values: { $expected }
}.
error-option-out-of-range = The value { $value } does not suit the option '{ $name }': it is outside its limits.
error-option-conflict = The options '{ $name }' and '{ $other }' exclude each other: leave only one of them.
error-datagen-column = The option '{ $name }' speaks of a column that the table does not have: “{ $column }”. { $nearest ->
    [none] The columns are: { $available }.
   *[other] Did you mean “{ $nearest }”? The columns are: { $available }.
}
error-datagen-bounds = The limits of column { $column } do not fit: min must be below max, and both must fit the column's type.
error-datagen-type = Datagen cannot make column { $column }: the type { $type } does not go with kind '{ $kind }'.
error-faker-name = The option '{ $name }' asks for #{"{"}{ $expression }{"}"}, which does not exist. { $nearest ->
    [none] There is: { $available }.
   *[other] Did you mean { $nearest }? There is: { $available }.
}
error-faker-arguments = The option '{ $name }' gives the wrong arguments ({ $found }). It is written #{"{"}{ $expected }{"}"}, each argument in single quotes (doubled inside SQL).
error-faker-syntax = The option '{ $name }' cannot be read from character { $position } on: “{ $value }”. An expression is #{"{"}Group.name 'argument'{"}"}, with a closing brace and each argument in single quotes.
error-faker-type = Faker cannot make column { $column }: an expression gives a text, which is no { $type }.
error-faker-value = The expression of column { $column } gave “{ $value }”, which is not { $type }. Choose another expression or another type.
error-socket-failed = The connection to { $name } failed: { $reason }. Start what sends the lines first, such as “nc -lk 9999”, and check hostname and port.
error-socket-elsewhere = { $name } is another machine, and the lab connects to its own alone. Use localhost, or start Riacho with --remote.
error-pasted-empty = There is no table in the text: the first line has the names of the columns, and at least one row follows.
error-nexmark-column = { $expected ->
    [none] The events of nexmark have no “{ $column }”. A table of it has event_type and the rows person, auction and bid, each with fields of the Nexmark suite: take the name from there, or leave the column out.
   *[other] Column { $column } is { $found }, but the events of nexmark have it as { $expected }. Declare it so.
}
error-csv-type = CSV cannot hold column { $column }: the type { $type } has no form in a line of text.
error-csv-field = In { $file }, line { $line }: field { $column } has “{ $value }”, which is not { $type }. Mend the file, or use 'csv.ignore-parse-errors' = 'true' to read NULL in its place.
error-csv-too-many-fields = In { $file }, line { $line }: the line has { $found } fields and the table has { $expected } columns. Check 'csv.field-delimiter', or use 'csv.ignore-parse-errors' = 'true' to skip such lines.
error-line-too-long = In { $file }, line { $line }: the line is longer than 16 MB. Perhaps a quote was left open, or the file is not of lines.
error-csv-behind-quote = In { $file }, line { $line }: field { $column } goes on behind its closing quote. Double the quotes inside of it, choose another 'csv.quote-character', or use 'csv.ignore-parse-errors' = 'true' to skip such lines.
error-csv-too-few-fields = In { $file }, line { $line }: the line ends behind field { $found }, and { $expected } columns are read. Check 'csv.field-delimiter', or use 'csv.ignore-parse-errors' = 'true' to read NULL for what is missing.
error-csv-open-quote = In { $file }, line { $line }: a quote is opened in field { $column } and never closed. Close it, choose another 'csv.quote-character', or use 'csv.disable-quote-character' = 'true'.
error-json-syntax = In { $file }, line { $line }: “{ $value }” is not JSON ({ $reason }). A row is an object on one line; with 'json.ignore-parse-errors' = 'true' such lines are skipped.
error-json-no-object = In { $file }, line { $line }: “{ $value }” is not an object. A row is an object on one line; with 'json.ignore-parse-errors' = 'true' such lines are skipped.
error-json-field = In { $file }, line { $line }: field { $field } has { $value }, which is not { $type }. Mend the file, or use 'json.ignore-parse-errors' = 'true' to read NULL in its place.
error-json-missing-field = In { $file }, line { $line }: field { $field } is missing in { $value }. Without 'json.fail-on-missing-field' it is read as NULL.
error-change-incomplete = In { $file }, line { $line }: “{ $value }” has no usable “{ $field }”, which a change in { $format } needs. Mend the file, or skip such lines with '{ $format }.ignore-parse-errors' = 'true'.
error-change-unknown = In { $file }, line { $line }: { $format } knows no “{ $field }” called “{ $kind }” (in “{ $value }”). Mend the file, or skip such lines with '{ $format }.ignore-parse-errors' = 'true'.
error-change-schema-written = Changes are written without their schema: leave out '{ $name }' where a table is written.
error-changes-in-batch = Table { $table } holds changes, and a batch query reads inserted rows alone. Read it with SET 'execution.runtime-mode' = 'streaming'.
error-format-type = The format { $format } cannot hold column { $column }: it has no form for the type { $type }. Cast the column to another type, or choose another format.
error-format-write = The rows could not be written: { $reason }.
error-orc-moment = ORC cannot hold { $value }: in it the last second before 1970 is the first one of 1970. Write such rows in another format, or leave them out.
error-file-cut-short = { $file } is cut short, or no { $format } file at all: it does not end as one. Copy it again as a whole, choose another 'format', or take it out of the folder.
error-file-garbled = { $file } is damaged, or no { $format } file at all: its bytes do not fit together. Write it anew, choose another 'format', or take it out of the folder.
error-csv-encoding = In { $file }, line { $line }: field { $column } has bytes that are no UTF-8 (“{ $value }”). Save the file as UTF-8, or use 'csv.ignore-parse-errors' = 'true' to read NULL in its place.
error-json-encoding = In { $file }, line { $line }: field { $field } has bytes that are no UTF-8 (“{ $value }”). Save the file as UTF-8, or use 'json.ignore-parse-errors' = 'true' to skip such lines.
error-file-broken = { $file } cannot be read as { $format } ({ $reason }). Write it anew, or take it out of the folder.
error-file-column-type = In { $file }: column { $column } holds { $found }, and the table says { $type }. Declare the column as the file has it, and cast it in the query.
error-json-type = JSON cannot hold column { $column }: the type { $type } has no form there. Keys of a map must be texts.
error-json-map-key-null = A map with a NULL key cannot be written as JSON. Use 'json.map-null-key.mode' = 'DROP' to leave such entries out, or 'LITERAL' to write a text in the place of the key.
error-raw-columns = The raw format has exactly one column, and the table has these: { $columns }. Use csv or json for several.
error-raw-type = The raw format cannot hold column { $column }: the type { $type } has no bytes of its own. It takes texts, bytes, BOOLEAN and numbers without DECIMAL.
error-raw-size = In { $file }, line { $line }: { $found } bytes are no { $type } for column { $column }. The raw format reads the bytes of a number, not its digits; for digits use csv.
error-raw-null = The raw format cannot write NULL, which column { $column } has in a row. Leave such rows out, or use csv or json.
error-file-not-found = The file or folder { $path } does not exist. Check the path in 'path'.
error-file-outside = The path { $path } leaves the lab's folder. Use a path inside it.
error-file-denied = The system does not let { $path } be used: { $reason }. See whose it is and who may use it, or choose another 'path'.
error-file-io = Something went wrong with the file { $path }: { $reason }. See whether the disk is there and has room, and run it again.
error-record-of-other-type = The program cannot read the row ({ $row }): its values are of another type.
error-metadata-none = The table { $table } declares METADATA columns, and the connector '{ $connector }' has no metadata. Take them out of CREATE TABLE.
error-metadata-unknown = There is no metadata under the key { $name } for the table { $table }. { $nearest ->
    [none] There is: { $available }.
   *[other] Did you mean { $nearest }? There is: { $available }.
}
error-metadata-not-written = The table { $table } cannot be written: column { $column } is METADATA, which its connector only reads. Declare it METADATA VIRTUAL.
error-partition-type = A table cannot be partitioned by { $column }: values of type { $type } make no name of a folder.
error-partition-value = The folder { $column }={ $value } is no partition: “{ $value }” is not { $type }.
error-partition-time = The partition { $partition } has no time: “{ $value }” is no moment. Say with '{ $name }' how its columns make one: each stands there by its name behind a dollar sign.
error-sink-parallelism-key = The sink of the table { $table } runs { $parallelism } times by its 'sink.parallelism', and its rows change others: they can only be shared out by a primary key, and there is none. Declare PRIMARY KEY (..) NOT ENFORCED, or take the option out.
