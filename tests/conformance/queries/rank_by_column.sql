-- compare: exact
SET 'execution.runtime-mode' = 'streaming';
CREATE TEMPORARY VIEW v AS SELECT * FROM (VALUES ('a', 1, CAST(2 AS BIGINT)), ('a', 5, CAST(2 AS BIGINT)), ('b', 3, CAST(1 AS BIGINT)), ('a', 3, CAST(2 AS BIGINT)), ('b', 9, CAST(1 AS BIGINT)), ('a', 9, CAST(3 AS BIGINT))) AS t(k, x, n);
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x DESC) AS rn FROM v) WHERE rn <= n;
SELECT k, x, n FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x DESC) AS rn FROM v) WHERE rn <= n;
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k, n ORDER BY x DESC) AS rn FROM v) WHERE rn <= n;
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k, n ORDER BY x DESC) AS rn FROM v) WHERE rn < n;
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k, n ORDER BY x DESC) AS rn FROM v) WHERE n >= rn;
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k, n ORDER BY x DESC) AS rn FROM v) WHERE rn = n;
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k, n ORDER BY x DESC) AS rn FROM v) WHERE rn <= n AND rn <= 3;
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k, n ORDER BY x DESC) AS rn FROM v) WHERE rn <= n + 1;
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x) AS rn FROM (SELECT k, SUM(x) AS x, MAX(n) AS n FROM v GROUP BY k)) WHERE rn <= n;
SET 'execution.runtime-mode' = 'batch';
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x DESC) AS rn FROM v) WHERE rn <= n;
SELECT k, x, n, rn FROM (SELECT k, x, n, RANK() OVER (PARTITION BY k, n ORDER BY x DESC) AS rn FROM v) WHERE rn <= n;
SELECT k, x, n, rn FROM (SELECT k, x, n, ROW_NUMBER() OVER (PARTITION BY k, n ORDER BY x DESC) AS rn FROM v) WHERE rn <= n;
