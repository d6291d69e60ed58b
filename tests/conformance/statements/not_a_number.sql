-- compare: exact
SELECT MIN(x), MAX(x), COUNT(DISTINCT x), SUM(x) FROM (VALUES (CAST('NaN' AS DOUBLE)), (1.0e0), (2.5e0)) AS t(x);
SELECT MIN(x), MAX(x) FROM (VALUES (1.0e0), (CAST('NaN' AS DOUBLE)), (2.5e0)) AS t(x);
SELECT MIN(x), MAX(x) FROM (VALUES (1.0e0), (2.5e0), (CAST('NaN' AS DOUBLE))) AS t(x);
SELECT x FROM (VALUES (1.0e0), (CAST('NaN' AS DOUBLE)), (CAST('Infinity' AS DOUBLE)), (-1.0e0)) AS t(x) WHERE x > 0;
SELECT x, COUNT(*) FROM (VALUES (1.0e0), (CAST('NaN' AS DOUBLE)), (CAST('NaN' AS DOUBLE)), (-0.0e0), (0.0e0)) AS t(x) GROUP BY x;
SELECT x FROM (SELECT x, ROW_NUMBER() OVER (ORDER BY x DESC) rn FROM (VALUES (1.0e0), (CAST('NaN' AS DOUBLE)), (CAST('Infinity' AS DOUBLE)), (-1.0e0)) AS t(x)) WHERE rn <= 3;
SELECT DISTINCT x FROM (VALUES (1.0e0), (CAST('NaN' AS DOUBLE)), (CAST('NaN' AS DOUBLE)), (-0.0e0), (0.0e0)) AS t(x);
SET 'execution.runtime-mode'='batch';
SELECT MIN(x), MAX(x), COUNT(DISTINCT x), SUM(x) FROM (VALUES (CAST('NaN' AS DOUBLE)), (1.0e0), (2.5e0)) AS t(x);
SELECT MIN(x), MAX(x) FROM (VALUES (1.0e0), (CAST('NaN' AS DOUBLE)), (2.5e0)) AS t(x);
SELECT MIN(x), MAX(x) FROM (VALUES (1.0e0), (2.5e0), (CAST('NaN' AS DOUBLE))) AS t(x);
SELECT x FROM (VALUES (1.0e0), (CAST('NaN' AS DOUBLE)), (CAST('Infinity' AS DOUBLE)), (-1.0e0)) AS t(x) ORDER BY x;
SELECT x, COUNT(*) FROM (VALUES (1.0e0), (CAST('NaN' AS DOUBLE)), (CAST('NaN' AS DOUBLE)), (-0.0e0), (0.0e0)) AS t(x) GROUP BY x;
