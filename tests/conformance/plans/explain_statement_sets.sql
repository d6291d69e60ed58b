-- compare: explain
SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE t (a INT, b BIGINT, c STRING, d DOUBLE) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE s (a INT, b BIGINT, e STRING, f DECIMAL(10,2)) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE o (id BIGINT NOT NULL, usr STRING, product STRING, amount INT, price DECIMAL(10,2), ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE p (pid BIGINT, oid BIGINT, paid DOUBLE, pts TIMESTAMP(3), WATERMARK FOR pts AS pts) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE k (kid BIGINT, nm STRING, cnt INT, PRIMARY KEY (kid) NOT ENFORCED) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE m (mid INT, arr ARRAY<INT>, mp MAP<STRING, INT>, r ROW<x INT, y ROW<z STRING>>, ra ARRAY<ROW<n STRING, v INT>>) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE csvt (a INT, b STRING, c DOUBLE, dt STRING) PARTITIONED BY (dt) WITH ('connector'='filesystem','path'='/csvt','format'='csv');
CREATE TABLE snk (k STRING, n BIGINT) WITH ('connector'='print');
CREATE TABLE snk2 (a INT, b STRING NOT NULL) WITH ('connector'='blackhole');
CREATE TABLE usnk (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector'='print');
CREATE TABLE ty (i TINYINT, si SMALLINT, bi BIGINT, fl FLOAT, dc DECIMAL(12,3), ch CHAR(3), vc VARCHAR(10), bo BOOLEAN, da DATE, ti TIME, t3 TIMESTAMP(3), t6 TIMESTAMP(6), tl TIMESTAMP_LTZ(3), by1 BYTES) WITH ('connector'='datagen','number-of-rows'='5');
CREATE VIEW v1 AS SELECT a, b, UPPER(c) AS c FROM t WHERE a > 1;
EXPLAIN SELECT * FROM v1;
EXPLAIN SELECT a FROM v1 WHERE b > 2;
EXPLAIN STATEMENT SET BEGIN INSERT INTO snk SELECT c, b FROM t WHERE a > 1; INSERT INTO snk2 SELECT a, e FROM s; END;
