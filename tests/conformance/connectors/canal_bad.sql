-- compare: exact
CREATE TABLE t (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal_bad.json', 'format' = 'canal-json', 'canal-json.ignore-parse-errors' = 'true');
SELECT * FROM t;
CREATE TABLE b2 (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal_bad2.json', 'format' = 'canal-json');
SELECT * FROM b2;
CREATE TABLE b3 (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal_bad3.json', 'format' = 'canal-json');
SELECT * FROM b3;
CREATE TABLE b4 (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal_bad4.json', 'format' = 'canal-json');
SELECT * FROM b4;
CREATE TABLE b5 (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal_bad5.json', 'format' = 'canal-json');
SELECT * FROM b5;
CREATE TABLE w (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${TMP}/w', 'format' = 'canal-json');
CREATE TABLE src (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal.json', 'format' = 'canal-json');
INSERT INTO w SELECT * FROM src;
CREATE TABLE c (line STRING) WITH ('connector' = 'filesystem', 'path' = '${TMP}/w', 'format' = 'csv', 'csv.field-delimiter' = '\u0001', 'csv.disable-quote-character' = 'true');
SELECT line FROM c;
SELECT * FROM w;
