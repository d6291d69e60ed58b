-- compare: rows
-- limit: 8
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE n1 (v INT) WITH ('connector'='datagen','number-of-rows'='7','fields.v.null-rate'='1');
SELECT COUNT(*), COUNT(v) FROM n1;
CREATE TABLE n2 (v INT) WITH ('connector'='datagen','number-of-rows'='7','fields.v.null-rate'='0');
SELECT COUNT(*), COUNT(v) FROM n2;
CREATE TABLE n3 (v INT) WITH ('connector'='datagen','number-of-rows'='7','fields.v.null-rate'='1.5');
SELECT COUNT(*), COUNT(v) FROM n3;
CREATE TABLE n4 (v INT) WITH ('connector'='datagen','number-of-rows'='7','fields.v.null-rate'='-0.5');
SELECT COUNT(*), COUNT(v) FROM n4;
CREATE TABLE n5 (v INT) WITH ('connector'='datagen','number-of-rows'='7','fields.v.null-rate'='x');
SELECT COUNT(*), COUNT(v) FROM n5;
CREATE TABLE n6 (v INT) WITH ('connector'='datagen','number-of-rows'='7','fields.v.kind'='sequence','fields.v.start'='1','fields.v.end'='9','fields.v.null-rate'='1');
SELECT COUNT(*), COUNT(v) FROM n6;
CREATE TABLE n8 (v STRING, b BOOLEAN, d DOUBLE, t TIMESTAMP(3), a ARRAY<INT>, m MAP<STRING,INT>, r ROW<x INT, y STRING>) WITH ('connector'='datagen','number-of-rows'='3','fields.v.null-rate'='1','fields.b.null-rate'='1','fields.d.null-rate'='1','fields.t.null-rate'='1');
SELECT v, b, d, t, a IS NULL, m IS NULL, r IS NULL FROM n8;
CREATE TABLE n9 (a ARRAY<INT>) WITH ('connector'='datagen','number-of-rows'='3','fields.a.null-rate'='1');
SELECT a IS NULL FROM n9;
CREATE TABLE n10 (r ROW<x INT, y STRING>) WITH ('connector'='datagen','number-of-rows'='3','fields.r.null-rate'='1');
SELECT r IS NULL FROM n10;
CREATE TABLE n11 (r ROW<x INT, y STRING>) WITH ('connector'='datagen','number-of-rows'='3','fields.r.x.null-rate'='1','fields.r.y.length'='3');
SELECT r.x, CHAR_LENGTH(r.y) FROM n11;
