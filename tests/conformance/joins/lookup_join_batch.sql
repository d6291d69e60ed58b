-- compare: rows [6]=exact [7]=exact
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE d (k INT, name STRING, price DOUBLE, big BIGINT) WITH ('connector'='faker','number-of-rows'='5','fields.k.expression'='7','fields.name.expression'='Ana','fields.price.expression'='2.5','fields.big.expression'='9');
CREATE VIEW o AS SELECT id, NULLIF(k, 0) AS k, c, v, PROCTIME() AS pt FROM (VALUES (1, 10, 'Ana', 1.0E0), (2, 20, 'Bia', 3.0E0), (3, 0, 'Ana', 2.0E0)) AS t (id, k, c, v);
CREATE TABLE ob (id INT, k INT, c STRING, pt AS PROCTIME()) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE gb (k INT, name STRING) WITH ('connector'='datagen','number-of-rows'='5');
SELECT o.id, d.k, d.name, d.price FROM o JOIN d FOR SYSTEM_TIME AS OF o.pt AS d ON o.k = d.k;
SELECT o.id, d.k, d.name, d.price FROM o LEFT JOIN d FOR SYSTEM_TIME AS OF o.pt AS d ON o.k = d.k AND d.price > o.v;
SELECT ob.id, gb.name FROM ob JOIN gb FOR SYSTEM_TIME AS OF ob.pt AS gb ON ob.k = gb.k;
SELECT ob.id, d.name FROM ob JOIN d FOR SYSTEM_TIME AS OF ob.pt AS d ON ob.k > d.k;
SELECT ob.id, d.name FROM ob RIGHT JOIN d FOR SYSTEM_TIME AS OF ob.pt AS d ON ob.k = d.k;
