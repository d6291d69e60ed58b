-- compare: explain
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (a INT, b BIGINT, c STRING, d DOUBLE, p DECIMAL(10,2), f FLOAT) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE o (id BIGINT NOT NULL, usr STRING, product STRING, amount INT, price DECIMAL(10,2), ts TIMESTAMP(3)) WITH ('connector'='datagen','number-of-rows'='5');
EXPLAIN SELECT c, STDDEV_POP(d) AS sd, SUM(b) AS s, AVG(b) AS av FROM t GROUP BY c;
EXPLAIN SELECT c, AVG(a) AS av, VAR_SAMP(a) AS v FROM t GROUP BY c;
EXPLAIN SELECT c, STDDEV_POP(p) AS sd FROM t GROUP BY c;
EXPLAIN SELECT c, VAR_POP(f) AS v, COUNT(f) AS n, MAX(d) AS m FROM t GROUP BY c;
EXPLAIN SELECT STDDEV_SAMP(a) AS sd, COUNT(*) AS n FROM t;
EXPLAIN SELECT c, VAR_POP(d + 1) AS v FROM t WHERE a > 3 GROUP BY c HAVING VAR_POP(d + 1) > 2;
SET 'execution.runtime-mode' = 'streaming';
EXPLAIN SELECT c, STDDEV_POP(p) AS sd FROM t GROUP BY c;
EXPLAIN SELECT c, VAR_POP(f) AS v, COUNT(f) AS n, MAX(d) AS m FROM t GROUP BY c;
EXPLAIN SELECT c, VAR_POP(d + 1) AS v FROM t WHERE a > 3 GROUP BY c HAVING VAR_POP(d + 1) > 2;
