-- compare: rows
-- limit: 8
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE l1 (a ARRAY<INT>) WITH ('connector'='datagen','number-of-rows'='3');
SELECT CARDINALITY(a) FROM l1;
CREATE TABLE l2 (m MAP<STRING,INT>) WITH ('connector'='datagen','number-of-rows'='3');
SELECT CARDINALITY(m) FROM l2;
CREATE TABLE l3 (m MULTISET<STRING>) WITH ('connector'='datagen','number-of-rows'='3');
SELECT CARDINALITY(m) FROM l3;
CREATE TABLE l5 (a ARRAY<INT>) WITH ('connector'='datagen','number-of-rows'='3','fields.a.element.min'='1','fields.a.element.max'='1');
SELECT a FROM l5;
CREATE TABLE l6 (a ARRAY<INT>) WITH ('connector'='datagen','number-of-rows'='1','fields.a.element.length'='1');
SELECT CARDINALITY(a) FROM l6;
CREATE TABLE l7 (m MAP<INT,INT>) WITH ('connector'='datagen','number-of-rows'='1','fields.m.key.min'='3','fields.m.key.max'='3','fields.m.value.min'='4','fields.m.value.max'='4');
SELECT m FROM l7;
CREATE TABLE l8 (m MULTISET<INT>) WITH ('connector'='datagen','number-of-rows'='1','fields.m.element.min'='3','fields.m.element.max'='3');
SELECT CARDINALITY(m) FROM l8;
CREATE TABLE l9 (r ROW<x INT, y ROW<z STRING, w INT>>) WITH ('connector'='datagen','number-of-rows'='2','fields.r.x.min'='1','fields.r.x.max'='1','fields.r.y.z.length'='2','fields.r.y.w.min'='5','fields.r.y.w.max'='5');
SELECT r.x, CHAR_LENGTH(r.y.z), r.y.w FROM l9;
CREATE TABLE l10 (a ARRAY<ROW<x INT>>) WITH ('connector'='datagen','number-of-rows'='1','fields.a.element.x.min'='6','fields.a.element.x.max'='6');
SELECT a FROM l10;
CREATE TABLE l11 (r ROW<x INT>) WITH ('connector'='datagen','number-of-rows'='2','fields.r.kind'='sequence');
SELECT r FROM l11;
CREATE TABLE l13 (a ARRAY<INT>) WITH ('connector'='datagen','number-of-rows'='3','fields.a.kind'='random');
SELECT CARDINALITY(a) FROM l13;
CREATE TABLE l14 (r ROW<x INT>) WITH ('connector'='datagen','number-of-rows'='2','fields.r.length'='4');
SELECT r IS NULL FROM l14;
CREATE TABLE l15 (m MAP<STRING,INT>) WITH ('connector'='datagen','number-of-rows'='3','fields.m.key.length'='2');
SELECT CARDINALITY(m) FROM l15;
