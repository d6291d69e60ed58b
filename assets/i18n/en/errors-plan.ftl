# Errors of plans, graphs and operators.
error-forward-parallelism = { $from } runs { $from-parallelism } times and { $to } { $to-parallelism } times, so rows cannot go straight from one to the other. Give both the same parallelism, or put a rebalance between them.
error-operator-broke-promise = An operator broke a promise about its { $promise } ({ $detail }). This is a bug of Riacho: please report it with the query.
error-plan-broken = The plan of this query is not whole ({ $reason }). This is a bug of Riacho: please report it with the query.
error-key-type = A key of this type cannot be grouped ({ $reason }). Group by its parts, or cast it to STRING.
error-sort-type = Values of this type cannot be put in order ({ $reason }). Order by another column, or cast it to STRING.
error-rowtime-null = The event time column { $column } is NULL in a row, and a watermark needs a time. Filter such rows out, or give them a time with COALESCE.
error-state-version = The checkpoint holds state of version { $found }; this operator reads version { $known }. Start the job without the checkpoint.
error-state-not-read = The state in the checkpoint could not be read ({ $reason }). Start the job without the checkpoint.
error-state-not-written = The state could not be written into the checkpoint ({ $reason }).
error-plan-advice-batch = EXPLAIN PLAN_ADVICE exists in streaming mode only. Leave the word out, or set 'execution.runtime-mode' to 'streaming'.
error-unbounded-in-batch = Querying an unbounded table, { $table }, in batch mode is not allowed: it would never end. Set 'execution.runtime-mode' to 'streaming', or give the table an end (for datagen: 'number-of-rows').
error-not-supported-yet = { $what } is not here yet: Riacho does not run it, though Flink does.
error-sink-no-updates = The table { $table } takes new rows only, but the query changes rows that it gave before (they come from { $producer }). Write to a print table, group by a window, or run it in batch mode.
error-sink-no-deletes = The table { $table } takes new rows only, but the query takes rows away (they come from { $producer }). Write to a print table, or run it in batch mode.
error-operator-no-updates = { $operator } takes new rows only, but its input changes rows that it gave before (they come from { $producer }). Use it before the aggregation, or in batch mode.
error-sort-needs-time = Sort on a non-time-attribute field is not supported in streaming: { $column } has no end of its order. Order by an ascending event time column first, add a LIMIT, or switch to batch mode.
error-offset-needs-limit = OFFSET needs a LIMIT (or FETCH) with it. Say how many rows you want after the skipped ones.
error-over-one-window = In a stream all calls with OVER share one window, and these differ in PARTITION BY, ORDER BY or frame. Use one window for all, or run it in batch mode.
error-over-function-streaming = { $name } does not run over a stream. Use ROW_NUMBER, LAG or an aggregate, or run it in batch mode.
error-over-order-time = In a stream OVER is ordered by one time attribute, and nothing else. Order by the column of a WATERMARK or by PROCTIME(); for the first rows of another order filter ROW_NUMBER with <= outside, or use batch mode.
error-over-descending = In a stream OVER is ordered by rising time. Leave DESC out, or filter ROW_NUMBER with <= outside for the last rows.
error-over-following = In a stream a frame ends at the current row. End it with AND CURRENT ROW, or run it in batch mode.
error-rank-function-streaming = { $name } is not there for the first rows of a stream. Use ROW_NUMBER, or run it in batch mode.
error-window-rank-function = { $name } is not there for the first rows of a window. Use ROW_NUMBER.
error-rank-end = No row has a number of { $found } or less: row numbers begin at 1. Ask for rn <= 1 or more.
error-rank-end-column = Flink takes the last place from the column at the position that { $type } has here, and it is no whole number. Select all columns (SELECT *) inside, so that their positions stay.
error-rank-range = A row number in a stream needs an upper bound. Add a condition such as rn <= 10.
error-window-merge = { $name } cannot be merged, and windows that overlap are merged from slices. Use TUMBLE, or MIN, MAX or another aggregate.
error-key-not-orderable = In batch mode nothing can be sorted, grouped or joined by { $type }. Use what is in it, or its text: CAST(.. AS STRING).
error-distinct-beside = In batch mode { $name } cannot stand in one query with the DISTINCT of another aggregate. Compute each in a query of its own.
