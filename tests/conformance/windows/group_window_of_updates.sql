-- compare: exact [5]=text
SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE clicks (user_name STRING, url STRING, click_time TIMESTAMP(3), WATERMARK FOR click_time AS click_time - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', 'path' = '${DATA}/clicks.csv', 'format' = 'csv');
CREATE VIEW firsts AS SELECT user_name, url, click_time FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user_name ORDER BY click_time DESC) AS r FROM clicks) WHERE r = 1;
SELECT TUMBLE_START(click_time, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n, MAX(user_name) AS u FROM firsts GROUP BY TUMBLE(click_time, INTERVAL '1' MINUTE);
EXPLAIN CHANGELOG_MODE SELECT user_name, COUNT(*) AS n FROM firsts GROUP BY user_name, TUMBLE(click_time, INTERVAL '1' MINUTE);
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
SELECT TUMBLE_START(click_time, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n, MAX(user_name) AS u FROM firsts GROUP BY TUMBLE(click_time, INTERVAL '1' MINUTE);
