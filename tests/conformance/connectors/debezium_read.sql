-- compare: exact
CREATE TABLE t (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/debezium.json', 'format' = 'debezium-json');
SELECT * FROM t;
SELECT name, id FROM t;
SELECT COUNT(*), SUM(weight) FROM t;
SELECT name FROM t WHERE weight > 4;
CREATE TABLE s (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/debezium_schema.json', 'format' = 'debezium-json', 'debezium-json.schema-include' = 'true');
SELECT * FROM s;
CREATE TABLE p (op STRING) WITH ('connector' = 'print');
INSERT INTO p SELECT name FROM t;
CREATE TABLE csv (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${TMP}/csv', 'format' = 'csv');
INSERT INTO csv SELECT * FROM t;
SET 'execution.runtime-mode' = 'batch';
SELECT * FROM t;
