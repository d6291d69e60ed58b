-- compare: exact
-- Where state expires, answers that stay the same go out all the same: they say that the state lives.
CREATE VIEW t AS SELECT * FROM (VALUES (1, 'a', 5), (2, 'a', 5), (3, 'b', 7), (4, 'a', 5), (5, 'b', 1)) AS v(id, k, n);
SELECT k, MAX(n) AS m FROM t GROUP BY k;
SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY PROCTIME() DESC) AS rn FROM t) WHERE rn = 1;
SET 'table.exec.state.ttl' = '1 h';
SELECT k, MAX(n) AS m FROM t GROUP BY k;
SELECT k, MAX(n) AS m FROM t GROUP BY k HAVING MAX(n) > 5;
SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY PROCTIME() DESC) AS rn FROM t) WHERE rn = 1;
SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY PROCTIME()) AS rn FROM t) WHERE rn = 1;
SELECT k, n, rn FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM t) WHERE rn <= 2;
SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n) AS rn FROM t) WHERE rn = 1;
SELECT * FROM t LIMIT 2;
SELECT * FROM t LIMIT 2 OFFSET 1;
SELECT * FROM t ORDER BY n LIMIT 2;
SELECT k, SUM(n) OVER (PARTITION BY k ORDER BY PROCTIME()) AS s FROM t;
