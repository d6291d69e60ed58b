-- compare: explain
SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE t (a INT, b BIGINT, c STRING, d DOUBLE) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE s (a INT, b BIGINT, e STRING, f DECIMAL(10,2)) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE m (mid INT, arr ARRAY<INT>, mp MAP<STRING, INT>, r ROW<x INT, y ROW<z STRING>>, ra ARRAY<ROW<n STRING, v INT>>) WITH ('connector'='datagen','number-of-rows'='5');
EXPLAIN SELECT a FROM t UNION ALL SELECT a FROM s;
EXPLAIN SELECT a FROM t UNION SELECT a FROM s;
EXPLAIN SELECT a, b FROM t INTERSECT SELECT a, b FROM s;
EXPLAIN SELECT a, b FROM t EXCEPT SELECT a, b FROM s;
EXPLAIN SELECT a, COUNT(*) FROM (SELECT a FROM t UNION ALL SELECT a FROM s) GROUP BY a;
EXPLAIN SELECT a FROM t UNION SELECT a FROM s UNION SELECT mid FROM m;
EXPLAIN SELECT a, c FROM t UNION ALL SELECT a, e FROM s;
