-- compare: exact
SET 'execution.runtime-mode' = 'batch';
SELECT MAP['a', 1, 'a', 2], CARDINALITY(MAP['a', 1, 'a', 2]);
SELECT MAP['a', 1, 'b', NULL];
SELECT MAP['a', 1]['a'], MAP['a', 1]['b'], MAP[1, 'x'][1], MAP['a', CAST(NULL AS INT)]['a'];
SELECT m['k'], m['z'] FROM (VALUES (MAP['k', 'v']), (CAST(NULL AS MAP<STRING, STRING>))) AS t(m);
SELECT MAP[1, MAP['a', 2]][1]['a'];
SELECT JSON_STRING(MAP[CAST(NULL AS STRING), 1]);
SELECT COLLECT(x) FROM (VALUES ('b'), ('a'), ('b'), ('c')) AS t(x);
SELECT COLLECT(x) FROM (VALUES (DATE '2024-01-02'), (DATE '2024-01-01')) AS t(x);
SELECT k, COLLECT(x) FROM (VALUES ('b', 'zz'), ('a', 'yy'), ('b', 'aa'), ('c', 'q')) AS t(k, x) GROUP BY k ORDER BY k;
SET 'execution.runtime-mode' = 'streaming';
SELECT COLLECT(x) FROM (VALUES ('b'), ('a'), ('b'), ('c')) AS t(x);
CREATE TABLE p (m MULTISET<STRING>) WITH ('connector' = 'print');
INSERT INTO p SELECT COLLECT(x) FROM (VALUES ('b'), ('a'), ('b'), ('c')) AS t(x);
CREATE TABLE q (m MAP<STRING, INT>) WITH ('connector' = 'print');
INSERT INTO q SELECT MAP['z', 1, 'b', 2, 'a', 3];
