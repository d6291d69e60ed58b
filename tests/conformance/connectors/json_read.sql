-- compare: exact
SET 'execution.runtime-mode' = 'batch';
SET 'table.display.max-column-width'='60';
CREATE TABLE lenient (i INT, s STRING, b BOOLEAN, d DOUBLE, `dec` DECIMAL(10,2), dt DATE, t TIME, ts TIMESTAMP(6), l TIMESTAMP_LTZ(3), `by` BYTES, f FLOAT, ti TINYINT, si SMALLINT, bi BIGINT) WITH ('connector'='filesystem','path'='${DATA}/json_lines.json','format'='json','json.ignore-parse-errors'='true');
SELECT * FROM lenient;
SELECT COUNT(*) FROM lenient;
CREATE TABLE m (m MAP<STRING,INT>, a ARRAY<INT>, r ROW<x INT, y STRING>, ms MULTISET<STRING>, z STRING) WITH ('connector'='filesystem','path'='${DATA}/json_nested.json','format'='json','json.ignore-parse-errors'='true');
SELECT * FROM m;
CREATE TABLE m2 (m MAP<INT,INT>, z STRING) WITH ('connector'='filesystem','path'='${DATA}/json_nested.json','format'='json');
SELECT * FROM m2;
