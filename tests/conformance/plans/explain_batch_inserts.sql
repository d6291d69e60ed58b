-- compare: explain
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (a INT, b BIGINT, c STRING, d DOUBLE) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE k (kid BIGINT, nm STRING, cnt INT, PRIMARY KEY (kid) NOT ENFORCED) WITH ('connector'='datagen','number-of-rows'='5');
CREATE TABLE csvt (a INT, b STRING, c DOUBLE, dt STRING) PARTITIONED BY (dt) WITH ('connector'='filesystem','path'='/csvt','format'='csv');
CREATE TABLE snk (k STRING, n BIGINT) WITH ('connector'='print');
CREATE TABLE snk2 (a INT, b STRING NOT NULL) WITH ('connector'='blackhole');
CREATE TABLE usnk (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector'='print');
EXPLAIN INSERT INTO snk SELECT c, b FROM t;
EXPLAIN INSERT INTO snk (n, k) SELECT b, c FROM t;
EXPLAIN INSERT INTO snk (k) SELECT c FROM t;
EXPLAIN INSERT INTO snk SELECT c, a FROM t;
EXPLAIN INSERT INTO usnk SELECT c, b FROM t;
EXPLAIN INSERT INTO snk2 SELECT a, c FROM t;
EXPLAIN INSERT INTO snk2 SELECT a, 'x' FROM t WHERE a > 1;
EXPLAIN INSERT INTO csvt PARTITION (dt='x') SELECT a, c, d FROM t;
