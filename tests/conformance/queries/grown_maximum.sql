-- compare: exact
CREATE TABLE s (i INT, k AS MOD(i * 7, 4)) WITH ('connector'='datagen', 'fields.i.kind'='sequence', 'fields.i.start'='1', 'fields.i.end'='12');
SELECT MAX(n) FROM (SELECT k, COUNT(*) n FROM s GROUP BY k);
SELECT MIN(n) FROM (SELECT k, COUNT(*) n FROM s GROUP BY k);
SELECT MAX(n), MIN(n), SUM(n), COUNT(*) FROM (SELECT k, COUNT(*) n FROM s GROUP BY k);
SELECT MAX(m), MIN(m) FROM (SELECT k, MAX(i) m FROM s GROUP BY k);
SELECT MAX(m), MIN(m) FROM (SELECT k, MIN(20 - i) m FROM s GROUP BY k);
SELECT MOD(k, 2) h, MAX(n), COUNT(*) FROM (SELECT k, COUNT(*) n FROM s GROUP BY k) GROUP BY MOD(k, 2);
SELECT MAX(n) FROM (SELECT k, COUNT(*) n FROM s GROUP BY k HAVING COUNT(*) > 1);
SELECT MAX(n) FILTER (WHERE n < 3) FROM (SELECT k, COUNT(*) n FROM s GROUP BY k);
SELECT MAX(DISTINCT n) FROM (SELECT k, COUNT(*) n FROM s GROUP BY k);
SELECT MAX(x) FROM (SELECT MAX(n) x FROM (SELECT k, COUNT(*) n FROM s GROUP BY k));
