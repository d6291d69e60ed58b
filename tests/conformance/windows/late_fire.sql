-- compare: exact [10]=text [16]=text
SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE clicks (user_name STRING, url STRING, click_time TIMESTAMP(3), WATERMARK FOR click_time AS click_time - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', 'path' = '${DATA}/clicks.csv', 'format' = 'csv');
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
SET 'table.exec.emit.allow-lateness' = '30 s';
SELECT TUMBLE_START(click_time, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n FROM clicks GROUP BY TUMBLE(click_time, INTERVAL '1' MINUTE);
SET 'table.exec.emit.allow-lateness' = '1 h';
SELECT TUMBLE_START(click_time, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n FROM clicks GROUP BY TUMBLE(click_time, INTERVAL '1' MINUTE);
SELECT HOP_START(click_time, INTERVAL '1' MINUTE, INTERVAL '2' MINUTE) AS ws, COUNT(*) AS n FROM clicks GROUP BY HOP(click_time, INTERVAL '1' MINUTE, INTERVAL '2' MINUTE);
EXPLAIN CHANGELOG_MODE SELECT user_name, COUNT(*) AS n FROM clicks GROUP BY user_name, TUMBLE(click_time, INTERVAL '1' MINUTE);
SET 'table.exec.emit.late-fire.delay' = '1 min';
SELECT TUMBLE_START(click_time, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n FROM clicks GROUP BY TUMBLE(click_time, INTERVAL '1' MINUTE);
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
SELECT TUMBLE_START(click_time, INTERVAL '1' MINUTE) AS ws, COUNT(*) AS n FROM clicks GROUP BY TUMBLE(click_time, INTERVAL '1' MINUTE);
EXPLAIN CHANGELOG_MODE SELECT user_name, COUNT(*) AS n FROM clicks GROUP BY user_name, TUMBLE(click_time, INTERVAL '1' MINUTE);
