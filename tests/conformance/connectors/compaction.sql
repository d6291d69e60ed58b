-- limit: 30
SET 'parallelism.default' = '2';
SET 'execution.checkpointing.interval' = '1 s';
CREATE TABLE s (v INT) WITH ('connector'='datagen','rows-per-second'='4','number-of-rows'='20','fields.v.kind'='sequence','fields.v.start'='1','fields.v.end'='20');
CREATE TABLE c (v INT) WITH ('connector'='filesystem','path'='${TMP}/c','format'='csv','auto-compaction'='true');
INSERT INTO c SELECT v FROM s;
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE m (v INT, n STRING NOT NULL METADATA FROM 'file.name') WITH ('connector'='filesystem','path'='${TMP}/c','format'='csv');
SELECT COUNT(*), COUNT(DISTINCT v) FROM m WHERE n LIKE 'compacted-part-%-0-%' OR n LIKE 'compacted-part-%-1-%';
SELECT COUNT(*), COUNT(DISTINCT v) FROM m;
CREATE TABLE b (v INT) WITH ('connector'='filesystem','path'='${TMP}/b','format'='csv','auto-compaction'='true','compaction.file-size'='1kb');
INSERT INTO b SELECT v FROM c;
CREATE TABLE bm (v INT, n STRING NOT NULL METADATA FROM 'file.name') WITH ('connector'='filesystem','path'='${TMP}/b','format'='csv');
SELECT COUNT(*) FROM bm WHERE n LIKE 'compacted-%';
SELECT COUNT(*) FROM bm;
