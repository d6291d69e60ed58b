-- compare: exact
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE d (x INT) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT * FROM d;
DESCRIBE v;
SELECT * FROM v;
SHOW VIEWS;
CREATE VIEW v2 AS SELECT x, COUNT(*) AS n FROM d GROUP BY x;
CREATE TEMPORARY VIEW v3 AS SELECT x + 1 AS y FROM d WHERE x > 1;
EXPLAIN SELECT * FROM d;
CREATE TABLE s (x INT) WITH ('connector' = 'datagen', 'number-of-rows' = '2', 'fields.x.kind' = 'sequence', 'fields.x.start' = '1', 'fields.x.end' = '2');
CREATE VIEW v4 AS SELECT * FROM s;
SELECT * FROM v4;
SELECT * FROM d LIMIT 0;
SELECT COUNT(*) FROM d;
CREATE TABLE c AS SELECT * FROM d;
CREATE TABLE c WITH ('connector' = 'blackhole') AS SELECT * FROM d;
