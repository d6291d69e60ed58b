# Errors of SQL text: reading, names, types, catalog, settings.
error-syntax-unexpected = Did not expect “{ $found }” here. { $nearest ->
    [none] Look at what comes before: a comma, a parenthesis or a word may be missing.
   *[other] Did you mean { $nearest }?
}
error-syntax-expected = Expected { $expected } here, but found “{ $found }”. { $nearest ->
    [none] Look at what comes before.
   *[other] Did you mean { $nearest }?
}
error-syntax-end = The statement ends too early. Complete it: something is missing at the end.
error-syntax-end-expected = The statement ends too early: { $expected } is missing.
error-syntax-character = The character “{ $found }” is no part of Flink's SQL. Delete it, or put it in single quotes.
error-reserved-word = “{ $word }” is a reserved word and cannot be a name. Write `{ $word }`, in backticks, or choose another name.
error-unclosed-quote = The quote (or backtick) that begins here is not closed.
error-unclosed-comment = The comment is not closed: end it with */.
error-operator-unknown = Flink has no “{ $found }”. Use { $nearest }.
error-nested-too-deep = The statement has too many parentheses inside each other. Split it with WITH or with views.
error-too-many-joins = The query joins more than { $most } tables and subqueries, those of its views included. Write what it has in the middle to tables, each with a query of its own.
error-too-many-relations = The query reads more than { $most } tables and subqueries, those of its views included. Split it, or read each view and each query of WITH only once.
error-statement-too-long = The statement is too long: the limit is { $most } words and signs. Split it.
error-unsupported-statement = The statement { $name } does not exist here. Check the spelling, or look at the statements in the help.
error-unsupported-syntax = { $name } does not exist in Flink's SQL. Check the spelling, or say the same in another way.
error-unknown-type = There is no type { $name }. Did you mean { $nearest }?
error-type-out-of-range = The type { $name } is out of bounds. DECIMAL has at most 38 digits, TIMESTAMP at most 9 fraction digits, and a text has at least 1 character.
error-constraint-enforced = Flink does not own the data, so it cannot enforce a primary key. Write PRIMARY KEY (..) NOT ENFORCED.
error-watermark-twice = A table has at most one WATERMARK. Leave only one of them.
error-watermark-column = The column “{ $name }” of the WATERMARK is not in the table. { $nearest ->
    [none] Declare it as TIMESTAMP(3).
   *[other] Did you mean “{ $nearest }”?
}
error-watermark-type = “{ $name }” has the type { $type } and does not do for a WATERMARK. Use TIMESTAMP(p) or TIMESTAMP_LTZ(p), with p from 0 to 3.
error-watermark-exists = The table has a WATERMARK already. Use ALTER TABLE .. MODIFY to change it.
error-watermark-missing = The table has no WATERMARK to drop or to change. Add one with ALTER TABLE .. ADD WATERMARK.
error-watermark-broken = The WATERMARK of “{ $name }” does not fit the table any more. Change both in one ALTER TABLE .. MODIFY, or drop it first.
error-unknown-table = There is no table or view “{ $name }” (looked for { $path }). { $nearest ->
    [none] SHOW TABLES shows those that exist; make it with CREATE TABLE before you use it.
   *[other] Did you mean “{ $nearest }”? Upper and lower case count.
}
error-unknown-view = There is no view “{ $name }” ({ $path }). SHOW VIEWS shows those that exist.
error-unknown-database = There is no database “{ $name }” in the catalog { $catalog }. { $nearest ->
    [none] SHOW DATABASES shows those that exist.
   *[other] Did you mean “{ $nearest }”?
}
error-unknown-catalog = There is no catalog “{ $name }”. { $nearest ->
    [none] SHOW CATALOGS shows those that exist.
   *[other] Did you mean “{ $nearest }”?
}
error-unknown-column = There is no column “{ $name }”. { $nearest ->
    [none] DESCRIBE shows the columns of a table.
   *[other] Did you mean “{ $nearest }”? Upper and lower case count.
}
error-unknown-qualifier = There is no table called “{ $name }” in FROM. { $nearest ->
    [none] If the table has an alias (AS), use the alias.
   *[other] Did you mean “{ $nearest }”?
}
error-ambiguous-column = The column “{ $name }” is there more than once. Say of which table: table.{ $name }.
error-table-exists = There is a table or view “{ $name }” already ({ $path }). Use another name, DROP, or CREATE .. IF NOT EXISTS.
error-table-temporary-first = There is a temporary table with the name { $name }. Drop it first, with DROP TEMPORARY.
error-partition-columns = A partition has a value for each of these columns and for no other: { $available }.
error-partition-exists = The partition ({ $partition }) is there already. Add IF NOT EXISTS if that may be so.
error-partition-missing = There is no partition ({ $partition }) in the catalog: SHOW PARTITIONS has those that were added with ALTER TABLE .. ADD PARTITION; rows that INSERT wrote are no entry there. Add IF EXISTS if that may be so.
error-table-not-partitioned = The table { $name } has no partitions (PARTITIONED BY).
error-not-a-table = { $name } is a view, and this statement is for tables.
error-not-a-view = { $name } is a table, and this statement is for views.
error-column-exists = The column “{ $name }” is in the table already. Give one of them another name.
error-column-in-use = The column “{ $name }” is used by the key, the WATERMARK, a partition or another column. Change that first.
error-column-twice = The column “{ $name }” is named twice. Leave only one of them.
error-column-broken = The formula of the column “{ $name }” could not be understood.
error-column-count = There are { $found } columns where { $expected } should be.
error-key-column = The column “{ $name }” is computed or metadata and cannot be in the primary key.
error-constraint-unknown = The table has no constraint “{ $name }”. Its primary key is called “{ $nearest }”.
error-partition-not-physical = The column “{ $name }” is computed or metadata, and rows cannot be parted by it (PARTITIONED BY).
error-alter-temporary = { $name } is temporary, and ALTER changes only what is permanent. Drop it, and create it as you want it.
error-option-exists = The other table has the option '{ $name }' too. Take it over with OVERWRITING OPTIONS, or leave the other one's out with EXCLUDING OPTIONS.
error-partitions-exist = The other table has partitions already. Leave them out with EXCLUDING PARTITIONS.
error-key-exists = The table has a primary key already.
error-option-not-reset = The option '{ $name }' cannot be reset. Change it with ALTER TABLE .. SET.
error-create-as-only = CREATE TABLE .. AS cannot have { $name }. Create the table first, and fill it with INSERT.
error-key-missing = The table has no primary key to drop or to change. Add one with ALTER TABLE .. ADD PRIMARY KEY.
error-catalog-exists = The catalog “{ $name }” exists already. Use it with USE CATALOG, or choose another name.
error-catalog-in-use = The catalog “{ $name }” is in use. Change to another one with USE CATALOG and try again.
error-catalog-type = There is no catalog of type '{ $name }' here. Use 'type' = '{ $nearest }'.
error-database-exists = The database “{ $name }” exists already in the catalog { $catalog }. Use it with USE, or write IF NOT EXISTS.
error-database-not-empty = The database “{ $name }” (catalog { $catalog }) is not empty. Drop what is in it, or write CASCADE.
error-function-exists = The function “{ $name }” exists already ({ $path }). Drop it with DROP FUNCTION, or write IF NOT EXISTS.
error-function-missing = There is no function “{ $name }” ({ $path }). { $nearest ->
    [none] SHOW USER FUNCTIONS shows those that were created.
   *[other] Did you mean “{ $nearest }”?
}
error-function-class-missing = The class { $class } of the function “{ $name }” was not found. Riacho loads no Java or Python classes: use the functions that exist.
error-view-broken = The view “{ $name }” works no more: something that it uses has changed.
error-insert-into-view = { $name } is a view, and only tables can be written.
error-module-loaded = The module “{ $name }” is loaded already.
error-module-twice = The module “{ $name }” is named twice.
error-module-unsupported = There is no module “{ $name }” here: there is only core, if it is loaded.
error-distinct-type = In a stream { $name }(DISTINCT ..) does not take { $type }. Take a field or a text of it, or use batch mode.
error-jar-missing = There is no file { $name }: { $root ->
    [none] it is looked for where Riacho was started, unless it begins with /.
   *[other] it is looked for in the folder { $root }, also if it begins with /.
} Check the path.
error-jar-not-added = { $name } was not added. SHOW JARS lists what was.
error-jar-unsupported = The file { $name } was noted, but Riacho runs no Java code: nothing in it will have an effect.
error-modify-unsupported = No connector here can do { $statement } on the table { $table }. Write the data again with INSERT.
error-statement-needs-job = This statement starts a job and cannot be carried out here.
error-setting-unknown = The setting “{ $name }” was kept, but nothing here reads it. { $nearest ->
    [none] Check the spelling.
   *[other] Did you mean “{ $nearest }”?
}
error-aggregate-misplaced = The aggregate { $name } cannot be in { $clause }. To filter by the result of an aggregate, use HAVING.
error-aggregate-nested = The aggregate { $name } is inside another one. Compute the inner one in a subquery in FROM.
error-not-grouped = The column “{ $name }” is not in GROUP BY. Put it there, or use an aggregate such as MAX({ $name }).
error-condition-type = { $clause } needs a condition (BOOLEAN), but the expression is { $type }. Compare it with something.
error-star-without-from = The * needs a FROM: without it there are no columns.
error-null-untyped = A NULL alone has no type. Write CAST(NULL AS INT), with the type that you want.
error-values-types = Column { $column } of VALUES mixes types that do not go together. Convert them with CAST.
error-set-columns = The two parts of { $operation } have different numbers of columns.
error-set-types = Column { $column } of { $operation } has types that do not go together. Convert one of them with CAST.
error-limit-not-number = LIMIT, OFFSET and FETCH expect a whole number, as in LIMIT 10.
error-order-ordinal = ORDER BY { $found }: there are only { $columns } columns. Use a number from 1 to { $columns }, or a name.
error-order-not-output = Only columns of the result can give the order here. Put the column in the SELECT.
error-literal-out-of-range = The number { $found } is too large. The largest whole number is 9223372036854775807.
error-literal-invalid = “{ $found }” does not have the right form. Examples: DATE '2024-01-31', TIMESTAMP '2024-01-31 12:00:00', INTERVAL '1' MINUTE.
error-window-arguments = { $name } does not take ({ $types }). Write, for example, TUMBLE(time_column, INTERVAL '1' MINUTE).
error-window-time = In streaming mode a window needs a time attribute, and the column is { $type }. Declare WATERMARK FOR in the table, or use PROCTIME().
error-window-emit = Only windows of GROUP BY TUMBLE(..) and HOP(..) answer before or after their end. Use one of these, or RESET table.exec.emit.early-fire.enabled and table.exec.emit.late-fire.enabled.
error-window-emit-delay = table.exec.emit.{ $when }-fire.enabled is on, but { $key } is not set. SET it to a time, such as '1 s'; '0 s' answers for every row.
error-window-emit-lateness = Windows are to answer late, but no row is allowed to be late. SET 'table.exec.emit.allow-lateness' to how long after its end a window may take rows, such as '1 min'.
error-window-emit-late-delay = Late answers are { $delay } ms apart, but rows may only be { $lateness } ms late. Make table.exec.emit.late-fire.delay shorter or table.exec.emit.allow-lateness longer.
error-window-batch-session = There are no SESSION windows in batch mode. Use TUMBLE, or SET 'execution.runtime-mode' = 'streaming'.
error-window-not-grouped = { $name } of a window needs the same window in GROUP BY, with the same arguments.
error-sink-schema = The columns of the query do not match those of the table { $table }. Query: { $query }. Table: { $sink }. Mend order and number, and convert with CAST.
error-sink-null = The column “{ $name }” is NOT NULL and needs a value in the INSERT.
error-overwrite-streaming = INSERT OVERWRITE into the table { $table } exists only in batch mode. Use INSERT INTO, or SET 'execution.runtime-mode' = 'batch'.
error-event-time-of-other-mode = The table “{ $table }” has a WATERMARK and was created in the other mode; now the mode is { $mode }, and the column “{ $column }” cannot be in the result (Flink fails here too). Drop the table and create it again in this mode, or write CAST({ $column } AS TIMESTAMP(3)).
error-window-table-session = { "SESSION" } is no table of windows in Flink 1.18. Write GROUP BY SESSION(time_column, INTERVAL '1' MINUTE) instead.
error-window-table-arguments = { $name } is called otherwise: { $usage }, all lengths as intervals.
error-window-table-time = { $name } needs a time column, and { $column } is { $type }. Name a column of TIMESTAMP or TIMESTAMP_LTZ in DESCRIPTOR.
error-window-months = Windows cannot be counted in months or years, whose lengths differ. Use DAY, HOUR, MINUTE or SECOND.
error-window-lengths = { $rule ->
    [positive] The lengths of { $name } must be more than nothing.
    [multiple] The size of { $name } must be a whole multiple of its slide or step. Choose lengths that divide it evenly.
   *[offset] The offset of { $name } must be less than the distance from one window to the next.
}
error-grouping-sets-many = This GROUP BY stands for more than { $most } grouping sets. Leave columns out of CUBE, or list the sets with GROUPING SETS.
error-grouping-without-group = GROUPING tells grouping sets apart, and there is no GROUP BY. Add one, or leave GROUPING out.
error-grouping-not-key = An argument of GROUPING is no expression of the GROUP BY. Use one that is grouped by.
error-over-misplaced = { $name } with OVER cannot stand in { $clause }. Compute it in a subquery, and use its column outside.
error-over-nested = { $name } with OVER stands inside another call with OVER. Compute the inner one in a subquery.
error-over-rank-order = { $name } numbers rows in an order, and its window has none that differs from row to row. Add ORDER BY with a column inside OVER (..).
error-over-distinct-batch = DISTINCT with OVER exists in streaming mode only. Leave DISTINCT out of { $name }, or aggregate in a subquery.
error-over-frame = The frame of this window ends before it begins. Put the earlier bound first: BETWEEN .. PRECEDING AND CURRENT ROW.
error-over-distance = This bound is no constant distance. Use a whole number with ROWS; a number or an interval with RANGE.
error-over-range-type = RANGE with a distance needs exactly one ORDER BY column that it can be measured along, and here it is ({ $type }). Use ROWS, or order by one number (with a number) or one time (with an interval).
error-over-range-batch = RANGE with an interval exists in streaming mode only. Use ROWS, or SET 'execution.runtime-mode' = 'streaming'.
error-over-not-aggregate = { $name } is no aggregate, so OVER cannot be applied to it. Leave OVER (..) out.
error-over-filter = FILTER and OVER do not go together. Write { $name }(CASE WHEN .. THEN .. END) OVER (..).
error-over-needed = { $name } looks at other rows and needs OVER (..). Write, for example, { $name }(..) OVER (ORDER BY time_column).
error-unknown-window = There is no window { $name }. Define it with WINDOW { $name } AS (..) after the other clauses.
error-over-without-frame = { $name } has a frame of its own, so ROWS and RANGE cannot be given. Leave them out.
error-mini-batch-latency = Mini-batch is enabled, and how long rows may wait is not set. SET 'table.exec.mini-batch.allow-latency' = '1 s', or disable it.
error-mini-batch-size = Mini-batch is enabled, and how many rows may wait is not set. SET 'table.exec.mini-batch.size' = '1000', or disable it.
error-match-order = MATCH_RECOGNIZE searches rows in order of time: ORDER BY must begin with a rising time attribute. Order by the column of a WATERMARK or by PROCTIME().
error-match-pattern = { $found } is more than Flink's patterns can say. Write variables one after the other, each with *, +, ?, {"{"}n{"}"} or {"{"}n,m{"}"}, without groups, alternatives or reluctant ??.
error-match-variable-twice = The variable { $name } stands twice in the pattern. Give each place a name of its own.
error-match-variable-unknown = There is no variable { $name } in the pattern. Skip to one that PATTERN names.
error-match-greedy-last = The pattern ends with { $name } and a greedy quantifier, so that it would never be sure to be complete. Put a ? behind the quantifier, or end with a plain variable.
error-match-physical-offset = { $name } looks at rows by their place, which Flink's patterns cannot. Use LAST(A.column, 1) for the row before of a variable.
error-match-navigation = { $name } takes a column of a variable, and how many rows further as a constant. Write, for example, LAST(A.price, 1).
error-match-time = There is no such time attribute among the columns of MATCH_RECOGNIZE. Use MATCH_ROWTIME() with event time and MATCH_PROCTIME() with processing time.
error-overwrite-not-supported = INSERT OVERWRITE is not for the table { $table }: the connector '{ $connector }' cannot replace what it wrote. Use INSERT INTO.
error-hint-options-disabled = The hint OPTIONS is switched off. Switch it on with SET 'table.dynamic-table-options.enabled' = 'true', or take it out.
error-type-of-computed = Flink cannot tell the TYPEOF of this: its planner says { $type }, and the code that computes it may give NULL. Ask for the type of what it is computed from.
error-window-batch-proctime = In batch mode there is no processing time to make windows by. Use a column of time, or SET 'execution.runtime-mode' = 'streaming'.
error-window-batch-distinct = { $name }(DISTINCT ..) cannot stand in windows of GROUP BY in batch mode. Use TABLE(TUMBLE(..)), or count over a SELECT DISTINCT.
error-window-grouping-sets = Windows of GROUP BY do not go with GROUPING SETS, ROLLUP or CUBE. Use TABLE(TUMBLE(..)) and group by window_start and window_end.
error-insert-columns-with = INSERT with a list of columns or a PARTITION takes no WITH. Write the query of WITH as a subquery, or make a view of it.
error-partition-column = The column { $name } has no place in PARTITION: the table { $table } is partitioned by [{ $available }]. Put its value into the query.
error-subquery-columns = The subquery has { $found } columns, but here is room for { $expected }. Choose the columns in its SELECT.
error-subquery-many-rows = The subquery gave more than one row where there is room for one value. Use LIMIT 1, an aggregate such as MAX, or a WHERE that leaves one row.
error-correlate-unexpected = This subquery reads columns of the query around it in a way that cannot be taken apart (Flink: unexpected correlate variable). Write it as a JOIN.
error-unnest-alone = UNNEST needs rows beside it whose array it takes apart. Write FROM table CROSS JOIN UNNEST(array) AS u (x).
error-unnest-type = UNNEST takes an ARRAY, MAP or MULTISET, not { $type }.
error-using-column = The column “{ $name }” of USING is not in both tables once. Use ON.
error-unnest-constant = UNNEST reads an array of a column at its left; this one is the same for all rows, and Flink has no plan for that. Use VALUES in its place.
error-temporal-alone = FOR SYSTEM_TIME AS OF stands behind the right table of a JOIN and names a time attribute of the left.
error-temporal-time = FOR SYSTEM_TIME AS OF takes a time attribute of the left table. Name its WATERMARK column, or one that is PROCTIME() to ask a table now.
error-temporal-kind = A join FOR SYSTEM_TIME AS OF is a JOIN or a LEFT JOIN.
error-temporal-no-key = A temporal join requires a primary key in the versioned table, but there is none. Declare PRIMARY KEY .. NOT ENFORCED, or keep the last row of each key by ROW_NUMBER.
error-temporal-key-not-asked = The condition of a temporal join must set the primary key [{ $key }] of the versioned table equal to columns of the left.
error-temporal-no-rowtime = The versioned table “{ $name }” has no event time. Declare a WATERMARK.
error-temporal-no-lookup = “{ $name }” cannot be asked by key when a row comes. Only a table itself can be, without WATERMARK and without a view that filters, with one of these connectors: { $available }. Use such a table, join by event time, or leave FOR SYSTEM_TIME AS OF out. Flink answers “Processing-time temporal join is not supported yet”.
error-lookup-no-key = Temporal table join requires an equality condition on fields of table [{ $table }]. Set a column of it, as it stands, equal to a column of the left or to a constant of the same type.
error-lookup-null-safe = A table is asked for keys that are equal, and NULL equals nothing: the lookup join with [{ $table }] takes “=”, not IS NOT DISTINCT FROM.
error-hint-lookup-list = The hint LOOKUP takes options only, as in LOOKUP('table' = 'd').
error-hint-lookup-table = The hint LOOKUP lacks its option 'table': the table to be asked, or its alias.
error-hint-lookup-retry = The hint LOOKUP takes all of the options 'retry-predicate', 'retry-strategy', 'fixed-delay' and 'max-attempts', or none of them.
error-hint-lookup-unknown = The hint LOOKUP names “{ $name }”, which is no table of this FROM. There are: { $available }.
error-duplicate-table = Two tables of FROM are called “{ $name }”. Give one of them another name with AS.
