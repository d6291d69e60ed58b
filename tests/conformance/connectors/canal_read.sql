-- compare: exact
CREATE TABLE t (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal.json', 'format' = 'canal-json');
SELECT * FROM t;
SELECT weight, name FROM t;
SELECT COUNT(*) FROM t;
CREATE TABLE f (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal.json', 'format' = 'canal-json', 'canal-json.database.include' = 'inv.*', 'canal-json.table.include' = 'products');
SELECT * FROM f;
CREATE TABLE g (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal.json', 'format' = 'canal-json', 'canal-json.database.include' = 'inv');
SELECT * FROM g;
CREATE TABLE b1 (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal_bad.json', 'format' = 'canal-json', 'canal-json.table.include' = 'products');
SELECT * FROM b1;
CREATE TABLE h (id BIGINT, name STRING, weight DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = '${DATA}/canal.json', 'format' = 'canal-json', 'canal-json.table.include' = '(');
SELECT * FROM h;
