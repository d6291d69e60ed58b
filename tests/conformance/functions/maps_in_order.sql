-- compare: rows
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE w (line STRING) WITH ('connector'='filesystem','path'='${TMP}/x','format'='csv','csv.field-delimiter'='^','csv.disable-quote-character'='true');
INSERT INTO w VALUES ('{"m":{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}}'), ('{"m":{"zeta":1,"alpha":2,"ção":3,"longer key":4}}'), ('{"m":{"k1":1,"k2":2,"k3":3,"k4":4,"k5":5,"k6":6,"k7":7,"k8":8,"k9":9,"k10":10,"k11":11,"k12":12,"k13":13}}'), ('{"m":{"x":1,"x":2,"y":3}}');
CREATE TABLE j (m MAP<STRING, INT>) WITH ('connector'='filesystem','path'='${TMP}/x','format'='json');
SET 'table.display.max-column-width' = '100';
SELECT CARDINALITY(m), MAP_KEYS(m), MAP_VALUES(m) FROM j;
SELECT k, v FROM j CROSS JOIN UNNEST(m) AS u(k, v);
SELECT MAP_ENTRIES(m) FROM j;
RESET 'no';
RESET pipeline.name;
RESET x;
SET x = y;
SET 'a b' = 'c';
