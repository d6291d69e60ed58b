-- compare: explain
SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE t (a INT, b BIGINT, c STRING, d DOUBLE) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE cl (id INT, nm STRING, q INT) WITH ('connector'='filesystem','path'='/dbz','format'='debezium-json');
EXPLAIN SELECT nm, SUM(q) FROM cl GROUP BY nm;
EXPLAIN SELECT nm, MAX(q), MIN(q), COUNT(*), AVG(q) FROM cl GROUP BY nm;
EXPLAIN SELECT id, q FROM cl WHERE q > 1;
EXPLAIN SELECT id, nm, q FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY nm ORDER BY q DESC) AS rn FROM cl) WHERE rn <= 2;
EXPLAIN SELECT DISTINCT nm FROM cl;
EXPLAIN SELECT nm, COUNT(DISTINCT q) FROM cl GROUP BY nm;
EXPLAIN SELECT id FROM cl WHERE id IN (SELECT a FROM t);
EXPLAIN SELECT a FROM t WHERE a NOT IN (SELECT id FROM cl);
