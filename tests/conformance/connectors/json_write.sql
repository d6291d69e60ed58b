-- compare: rows
SET 'execution.runtime-mode' = 'batch';
SET 'table.display.max-column-width'='300';
CREATE TABLE w (i INT, s STRING, b BOOLEAN, d DOUBLE, f FLOAT, `dec` DECIMAL(10,4), dt DATE, t TIME, ts TIMESTAMP(6), l TIMESTAMP_LTZ(3), `by` BYTES, a ARRAY<INT>, r ROW<x INT, y ROW<z STRING>>, m MAP<STRING, INT>, c CHAR(3), ts0 TIMESTAMP(0), ti TINYINT, bi BIGINT) WITH ('connector'='filesystem','path'='${TMP}/w','format'='json');
INSERT INTO w VALUES (1, 'é"\/'||U&'\0001\000a\0009', true, 1e10, CAST(0.1 AS FLOAT), 12.5000, DATE '2024-02-29', TIME '10:11:12', TIMESTAMP '2024-01-01 10:00:00.123450', TO_TIMESTAMP_LTZ(1234567890123, 3), x'6869', ARRAY[1, CAST(NULL AS INT)], ROW(1, ROW('q')), MAP['k', 3], 'abc', TIMESTAMP '2024-01-01 00:00:00', CAST(1 AS TINYINT), 5),
 (CAST(NULL AS INT), CAST(NULL AS STRING), false, 100, CAST(1 AS FLOAT), 100000, DATE '1801-02-28', TIME '00:00:00', TIMESTAMP '2024-01-01 00:00:00', TO_TIMESTAMP_LTZ(0, 3), x'', ARRAY[2], ROW(2, CAST(NULL AS ROW<z STRING>)), MAP['k', CAST(NULL AS INT)], 'abc', TIMESTAMP '2024-01-01 00:00:00', CAST(-1 AS TINYINT), -5);
CREATE TABLE wl (line STRING) WITH ('connector'='filesystem','path'='${TMP}/w','format'='csv','csv.field-delimiter'='^','csv.disable-quote-character'='true');
SELECT * FROM wl;
SELECT * FROM w;
CREATE TABLE w2 (`dec` DECIMAL(30,10), d2 DECIMAL(10,2), x DOUBLE) WITH ('connector'='filesystem','path'='${TMP}/w2','format'='json','json.encode.decimal-as-plain-number'='true');
INSERT INTO w2 VALUES (CAST(0.0000000012 AS DECIMAL(30,10)), 1000000.00, 1e-10), (100000000000000, 12.30, CAST(123456789.125 AS DOUBLE));
CREATE TABLE w2l (line STRING) WITH ('connector'='filesystem','path'='${TMP}/w2','format'='csv','csv.field-delimiter'='^','csv.disable-quote-character'='true');
SELECT * FROM w2l;
CREATE TABLE w3 (`dec` DECIMAL(30,10), d2 DECIMAL(10,2), x DOUBLE) WITH ('connector'='filesystem','path'='${TMP}/w3','format'='json');
INSERT INTO w3 VALUES (CAST(0.0000000012 AS DECIMAL(30,10)), 1000000.00, 1e-10), (100000000000000, 12.30, CAST(123456789.125 AS DOUBLE)), (0, 0, CAST(0 AS DOUBLE)), (CAST(NULL AS DECIMAL(30,10)), 1, CAST(1e7 AS DOUBLE));
CREATE TABLE w3l (line STRING) WITH ('connector'='filesystem','path'='${TMP}/w3','format'='csv','csv.field-delimiter'='^','csv.disable-quote-character'='true');
SELECT * FROM w3l;
CREATE TABLE n1 (m MAP<STRING, INT>) WITH ('connector'='filesystem','path'='${TMP}/n1','format'='json');
INSERT INTO n1 SELECT MAP[CAST(NULL AS STRING), 1];
CREATE TABLE iso (ts TIMESTAMP(3), l TIMESTAMP_LTZ(3), t TIME) WITH ('connector'='filesystem','path'='${TMP}/iso','format'='json','json.timestamp-format.standard'='ISO-8601');
INSERT INTO iso VALUES (TIMESTAMP '2024-01-01 10:00:00.120', TO_TIMESTAMP_LTZ(1234567890000, 3), TIME '10:11:00'), (TIMESTAMP '2024-01-01 10:00:00', TO_TIMESTAMP_LTZ(1234567890010, 3), TIME '10:11:12');
CREATE TABLE isol (line STRING) WITH ('connector'='filesystem','path'='${TMP}/iso','format'='csv','csv.field-delimiter'='^','csv.disable-quote-character'='true');
SELECT * FROM isol;
SELECT * FROM iso;
CREATE TABLE ms (m MULTISET<STRING>) WITH ('connector'='filesystem','path'='${TMP}/ms','format'='json');
INSERT INTO ms SELECT COLLECT(x) FROM (VALUES ('a'),('b'),('a')) AS t(x);
CREATE TABLE msl (line STRING) WITH ('connector'='filesystem','path'='${TMP}/ms','format'='csv','csv.field-delimiter'='^','csv.disable-quote-character'='true');
SELECT * FROM msl;
SELECT * FROM ms;
