-- compare: text
CREATE TABLE t (k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector'='datagen');
CREATE VIEW v1 AS SELECT k FROM t /*+ OPTIONS('number-of-rows'='3') */;
SHOW CREATE VIEW v1;
CREATE VIEW v2 AS SELECT a.k FROM t /*+ OPTIONS('number-of-rows'='3', 'rows-per-second' = '5') */ AS a JOIN t /*+ OPTIONS('number-of-rows'='4') */ b ON a.k = b.k WHERE a.v > 1;
SHOW CREATE VIEW v2;
CREATE VIEW v3 AS SELECT /*+ BROADCAST(b) */ a.k FROM t AS a JOIN t AS b ON a.k = b.k;
SHOW CREATE VIEW v3;
CREATE VIEW v4 AS SELECT /*+ SHUFFLE_HASH(a, b), BROADCAST(b) */ a.k, COUNT(*) FROM t AS a JOIN t AS b ON a.k = b.k GROUP BY a.k;
SHOW CREATE VIEW v4;
CREATE VIEW v5 AS SELECT * FROM (SELECT k, v FROM t /*+ OPTIONS('number-of-rows'='3') */ WHERE v > 3) x UNION ALL SELECT k, v FROM t /*+ OPTIONS('number-of-rows'='2') */;
SHOW CREATE VIEW v5;
