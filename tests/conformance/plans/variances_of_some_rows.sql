-- compare: plan
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (id INT, k STRING, n INT, d DOUBLE, b BOOLEAN) WITH ('connector' = 'datagen', 'number-of-rows' = '5');
EXPLAIN SELECT k, VAR_SAMP(n) FILTER (WHERE b) AS v, SUM(n) AS s, AVG(n) FILTER (WHERE n > 0) AS a FROM t GROUP BY k;
EXPLAIN SELECT k, b, STDDEV_POP(d) AS v, SUM(n) AS s FROM t GROUP BY CUBE (k, b);
