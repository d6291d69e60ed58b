# Errors of values, types, expressions and functions.
error-unknown-function = There is no function { $name }. { $nearest ->
    [none] SHOW FUNCTIONS lists those that there are.
   *[other] The nearest name is { $nearest }.
}
error-function-arguments = { $name } does not take ({ $types }). Use it so: { $usage }. If a type does not fit, convert it with CAST.
error-cast-unsupported = { $from } does not turn into { $to }. Go through a type between them, such as STRING.
error-cast-failed = The value “{ $value }” ({ $from }) does not turn into { $to }. Correct it, or use TRY_CAST, which gives NULL.
error-not-a-condition = A condition (BOOLEAN) is needed here, but the expression is { $type }. Compare it with something.
error-types-do-not-mix = These types do not mix: { $types }. Convert the values to one type with CAST.
error-division-by-zero = Division by zero. Guard the divisor: NULLIF(divisor, 0) gives NULL instead of failing.
error-like-escape = In the pattern “{ $pattern }”, only %, _ or itself may follow the ESCAPE character.
error-map-key-null = A key of a MAP is NULL. Flink keeps such an entry; Riacho cannot. Give the key a value, for example with COALESCE.
error-remainder-mixed = The remainder of a DECIMAL and a whole number cannot be computed like this: Flink cannot plan it. CAST both sides to the same DECIMAL.
error-date-pattern = The letter “{ $letter }” of the pattern “{ $pattern }” is not known. Use, for example, yyyy-MM-dd HH:mm:ss.SSS; fixed text stands in single quotes.
error-unknown-time-unit = “{ $name }” is not a unit of time. There are YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE and SECOND.
error-unknown-time-zone = There is no time zone “{ $name }”. Use a name such as America/Sao_Paulo, UTC, or an offset such as GMT-03:00.
error-timestamp-precision = TO_TIMESTAMP_LTZ takes precision 0 (seconds) or 3 (milliseconds), not { $found }.
error-value-of-other-type = The value { $value } is not of the column's type { $type }, or beyond what it holds.
error-row-of-other-length = The row has { $found } values, but the table has { $expected } columns.
error-column-not-made = A column could not be computed: { $reason }. This is a defect of Riacho; the query that caused it helps to correct it.
error-state-not-readable = The kept state of an aggregate function could not be read. It belongs to another query or version; start without it.
error-array-position = The positions of an array begin at 1, but { $found } is asked for. Use array[1] for the first element.
error-array-has-more = ELEMENT takes an array of one element, and this one has { $found }. Choose one with array[1].
error-arrays-of-other-length = The array of keys has { $expected } elements, that of values { $found }. Both must have as many.
error-pattern-invalid = “{ $pattern }” is not a pattern. Look for an open bracket; a backslash makes a special character plain.
error-hash-bits = SHA2 has no form of { $found } bits. There are 224, 256, 384 and 512.
error-text-too-large = A function would make more than { $most } MB of text at once. Repeat, pad or join less.
error-base64-invalid = “{ $value }” is not Base64. It has letters, digits, + and /, and = at its end.
error-unknown-charset = There is no character set { $name }. There are US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE and UTF-16LE.
error-random-bound = RAND_INTEGER draws below its bound, so the bound must be above zero; it is { $found }.
error-json-invalid = “{ $value }” is not JSON. Look for quotes around names and texts, and for commas too many.
error-json-path-invalid = “{ $path }” is not a path into JSON. Write it as $.name, $['name'] or $.list[0].
error-json-path-not-supported = Riacho does not follow the path “{ $path }”, though Flink does. Use names, positions, [*], .. and simple filters.
error-json-path-not-found = There is nothing at the path { $path }. Begin it with lax to get NULL instead, or say what to give with ON ERROR.
error-json-empty = { $name } found nothing, and ERROR ON EMPTY asks to fail then. Use NULL ON EMPTY or DEFAULT .. ON EMPTY.
error-json-not-scalar = { $name } found an array, an object or null where it needs a single value. Use JSON_QUERY for arrays and objects.
error-json-scalar = { $name } found a single value where it needs an array or an object. Use JSON_VALUE, or WITH WRAPPER.
error-json-other-type = The JSON value { $value } is not of the type { $type } that RETURNING asks for. Take it as STRING and convert it with CAST.
error-json-returning = JSON_VALUE cannot return { $type }. It returns STRING, BOOLEAN, INT or DOUBLE; convert the result with CAST.
error-json-null-key = The name of a JSON field cannot be NULL ({ $found }). Use COALESCE to give it a name.
error-json-no-form = There is no JSON for values of type { $type }. Convert the value to STRING with CAST.
error-json-key-twice = The name { $name } is in the JSON object already, and JSON_OBJECTAGG takes each name once. Group by it, or use other names.
error-only-in-batch = { $name } works in batch mode only. Use COUNT(DISTINCT ..), or SET 'execution.runtime-mode' = 'batch'.
error-null-in-not-null-column = Column { $name } is NOT NULL, but a row has NULL there. Its expression gives NULL though its inputs are not: wrap it in COALESCE, or cast an input to a nullable type; SET 'table.exec.sink.not-null-enforcer' = 'DROP' drops such rows of an INSERT.
