# Errors of values, types, expressions and functions.
error-unknown-function = There is no function { $name }. The nearest name is { $nearest }.
error-function-arguments = { $name } does not take ({ $types }). Use it so: { $usage }. If a type does not fit, convert it with CAST.
error-cast-unsupported = { $from } does not turn into { $to }. Go through a type between them, such as STRING.
error-cast-failed = The value “{ $value }” ({ $from }) does not turn into { $to }. Correct it, or use TRY_CAST, which gives NULL.
error-not-a-condition = A condition (BOOLEAN) is needed here, but the expression is { $type }. Compare it with something.
error-types-do-not-mix = These types do not mix: { $types }. Convert the values to one type with CAST.
error-division-by-zero = Division by zero. Guard the divisor: NULLIF(divisor, 0) gives NULL instead of failing.
error-like-escape = In the pattern “{ $pattern }”, only %, _ or itself may follow the ESCAPE character.
error-date-pattern = The letter “{ $letter }” of the pattern “{ $pattern }” is not known. Use, for example, yyyy-MM-dd HH:mm:ss.SSS; fixed text stands in single quotes.
error-unknown-time-unit = “{ $name }” is not a unit of time. There are YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE and SECOND.
error-unknown-time-zone = There is no time zone “{ $name }”. Use a name such as America/Sao_Paulo, UTC, or an offset such as GMT-03:00.
error-timestamp-precision = TO_TIMESTAMP_LTZ takes precision 0 (seconds) or 3 (milliseconds), not { $found }.
error-value-of-other-type = The value { $value } is not of the column's type { $type }, or beyond what it holds.
error-row-of-other-length = The row has { $found } values, but the table has { $expected } columns.
error-column-not-made = A column could not be computed: { $reason }. This is a defect of Riacho; the query that caused it helps to correct it.
error-state-not-readable = The kept state of an aggregate function could not be read. It belongs to another query or version; start without it.
