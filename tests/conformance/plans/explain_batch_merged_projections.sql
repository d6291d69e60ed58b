-- compare: explain
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE q (amount INT, usr STRING) WITH ('connector'='datagen','number-of-rows'='9');
CREATE TABLE w (amount INT, usr STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector'='datagen','number-of-rows'='9');
EXPLAIN SELECT usr, SUM(n) AS s FROM (SELECT amount, usr, COUNT(*) AS n FROM q GROUP BY amount, usr) GROUP BY usr;
EXPLAIN SELECT q.usr, SUM(w.amount) AS s FROM q JOIN w ON q.usr = w.usr GROUP BY q.usr;
EXPLAIN SELECT SUM(amount) AS s, MAX(usr) AS m FROM (SELECT usr, amount FROM q);
CREATE TABLE f (amount INT, usr STRING) WITH ('connector'='filesystem','path'='${TMP}/x','format'='csv');
EXPLAIN SELECT usr, SUM(amount) AS s FROM f GROUP BY usr;
