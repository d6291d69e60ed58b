-- compare: exact [7]=rows [11]=text
SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE clicks (user_name STRING, url STRING, click_time TIMESTAMP(3), WATERMARK FOR click_time AS click_time - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', 'path' = '${DATA}/clicks.csv', 'format' = 'csv');
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
SELECT user_name, COUNT(*) AS n FROM clicks GROUP BY user_name, TUMBLE(click_time, INTERVAL '1' HOUR) HAVING COUNT(*) > 1;
SELECT ws, COUNT(DISTINCT user_name) AS d, SUM(n) AS s FROM (SELECT user_name, TUMBLE_START(click_time, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n FROM clicks GROUP BY user_name, TUMBLE(click_time, INTERVAL '1' MINUTE)) GROUP BY ws;
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ws ORDER BY n DESC) AS r FROM (SELECT user_name, TUMBLE_START(click_time, INTERVAL '1' HOUR) AS ws, COUNT(*) AS n FROM clicks GROUP BY user_name, TUMBLE(click_time, INTERVAL '1' HOUR))) WHERE r <= 1;
SELECT LISTAGG(user_name) AS l, FIRST_VALUE(url) AS f, AVG(CHAR_LENGTH(url)) AS a FROM clicks GROUP BY TUMBLE(click_time, INTERVAL '1' HOUR);
CREATE TABLE shown (user_name STRING, n BIGINT) WITH ('connector' = 'print');
INSERT INTO shown SELECT user_name, COUNT(*) AS n FROM clicks WHERE user_name = 'Liz' GROUP BY user_name, TUMBLE(click_time, INTERVAL '1' HOUR);
EXPLAIN CHANGELOG_MODE SELECT user_name, COUNT(*) AS n FROM (SELECT user_name, PROCTIME() AS pt FROM clicks) GROUP BY user_name, TUMBLE(pt, INTERVAL '1' HOUR);
SELECT ws, COUNT(*) AS m FROM (SELECT TUMBLE_ROWTIME(click_time, INTERVAL '1' MINUTE) AS rt, TUMBLE_START(click_time, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n FROM clicks GROUP BY TUMBLE(click_time, INTERVAL '1' MINUTE)) GROUP BY ws, TUMBLE(rt, INTERVAL '1' HOUR);
