-- compare: exact
CREATE TABLE t (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/debezium.json', 'format' = 'debezium-json');
CREATE TABLE w (id BIGINT, name STRING, weight DECIMAL(10, 2), ts TIMESTAMP(3), m MAP<STRING, INT>) WITH ('connector' = 'filesystem', 'path' = '${TMP}/w', 'format' = 'debezium-json', 'debezium-json.timestamp-format.standard' = 'ISO-8601', 'debezium-json.map-null-key.mode' = 'LITERAL', 'debezium-json.map-null-key.literal' = 'nul', 'debezium-json.encode.decimal-as-plain-number' = 'true');
INSERT INTO w SELECT id, name, weight, TIMESTAMP '2024-01-02 03:04:05.6', MAP[name, 1] FROM t WHERE name IS NOT NULL;
CREATE TABLE r (line STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/w', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
CREATE TABLE c (line STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/w', 'format' = 'csv', 'csv.field-delimiter' = '\u0001', 'csv.disable-quote-character' = 'true');
SELECT line FROM c;
CREATE TABLE back (id BIGINT, name STRING, weight DECIMAL(10, 2), ts TIMESTAMP(3), m MAP<STRING, INT>) WITH ('connector' = 'filesystem', 'path' = '${TMP}/w', 'format' = 'debezium-json', 'debezium-json.timestamp-format.standard' = 'ISO-8601');
SELECT * FROM back;
CREATE TABLE g (name STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/g', 'format' = 'debezium-json');
INSERT INTO g SELECT name, COUNT(*) FROM (VALUES ('a'), ('b'), ('a')) AS v(name) GROUP BY name;
SELECT * FROM g;
CREATE TABLE cg (line STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/g', 'format' = 'csv', 'csv.field-delimiter' = '\u0001', 'csv.disable-quote-character' = 'true');
SELECT line FROM cg;
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE gb (name STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = '${TMP}/gb', 'format' = 'debezium-json');
INSERT INTO gb SELECT name, COUNT(*) FROM (VALUES ('a'), ('b'), ('a')) AS v(name) GROUP BY name;
SELECT * FROM gb;
