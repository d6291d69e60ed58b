-- compare: exact
SELECT MAX(n) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1),(2)) v(a) GROUP BY a);
SELECT MIN(n) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1),(2)) v(a) GROUP BY a);
SELECT MAX(n), MIN(n), SUM(n), COUNT(n) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1),(2)) v(a) GROUP BY a);
SELECT MAX(m) FROM (SELECT a, MAX(b) m FROM (VALUES (1,1),(1,3),(2,2),(1,4),(2,5)) v(a,b) GROUP BY a);
SELECT MIN(m) FROM (SELECT a, MIN(b) m FROM (VALUES (1,9),(1,7),(2,8),(1,4),(2,5)) v(a,b) GROUP BY a);
SELECT MAX(m) FROM (SELECT a, SUM(b) m FROM (VALUES (1,1),(1,3),(2,2),(1,4),(2,5)) v(a,b) GROUP BY a);
SELECT MAX(m) FROM (SELECT a, MIN(b) m FROM (VALUES (1,9),(1,7),(2,8),(1,4),(2,5)) v(a,b) GROUP BY a);
SELECT MAX(a) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1),(2)) v(a) GROUP BY a);
SELECT MAX(a), MAX(n) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1),(2)) v(a) GROUP BY a);
SELECT MIN(a), MAX(n) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1),(2)) v(a) GROUP BY a) WHERE n > 1;
SELECT n, MAX(a) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1),(2)) v(a) GROUP BY a) GROUP BY n;
SELECT COUNT(*) FROM (SELECT a, COUNT(*) FROM (VALUES (1),(1),(2),(1)) AS v(a) GROUP BY a);
SELECT a FROM (SELECT a, COUNT(*) FROM (VALUES (1),(1),(2),(1)) AS v(a) GROUP BY a);
SELECT a, MAX(n) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1)) AS v(a) GROUP BY a) GROUP BY a;
SELECT a, SUM(n) FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1)) AS v(a) GROUP BY a) GROUP BY a;
SELECT DISTINCT a, n FROM (SELECT a, COUNT(*) n FROM (VALUES (1),(1),(2),(1)) AS v(a) GROUP BY a);
