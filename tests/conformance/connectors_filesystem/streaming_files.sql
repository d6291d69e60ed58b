-- compare: rows
-- limit: 15
SET 'execution.checkpointing.interval' = '500 ms';
CREATE TABLE s (v INT) WITH ('connector'='datagen','rows-per-second'='20','number-of-rows'='40','fields.v.kind'='sequence','fields.v.start'='1','fields.v.end'='40');
CREATE TABLE o (v INT, k INT) PARTITIONED BY (k) WITH ('connector'='filesystem','path'='${TMP}/o','format'='csv','sink.partition-commit.policy.kind'='success-file','sink.rolling-policy.file-size'='20b');
INSERT INTO o SELECT v, MOD(v, 2) FROM s;
CREATE TABLE oo (v INT, k INT, n STRING NOT NULL METADATA FROM 'file.name') PARTITIONED BY (k) WITH ('connector'='filesystem','path'='${TMP}/o','format'='csv');
SET 'execution.runtime-mode' = 'batch';
SELECT k, COUNT(*), COUNT(DISTINCT v), COUNT(DISTINCT n) > 1 FROM oo GROUP BY k;
SELECT COUNT(*) FROM oo WHERE n LIKE 'part-%-0-%';
SET 'execution.runtime-mode' = 'streaming';
SELECT COUNT(*) FROM o /*+ OPTIONS('source.monitor-interval'='1 s') */;
CREATE TABLE u (k INT, c BIGINT) WITH ('connector'='filesystem','path'='${TMP}/u','format'='csv');
INSERT INTO u SELECT MOD(v, 2), COUNT(*) FROM s GROUP BY MOD(v, 2);
CREATE TABLE dj (k INT, c BIGINT) WITH ('connector'='filesystem','path'='${TMP}/dj','format'='debezium-json');
INSERT INTO dj SELECT k, COUNT(*) FROM o GROUP BY k;
SELECT * FROM dj;
