-- compare: exact
CREATE TABLE t (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/readings.csv','format'='csv');
CREATE TABLE w (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector'='filesystem','path'='${DATA}/readings.csv','format'='csv');
SELECT k, window_start, COUNT(*), SUM(v) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY k, window_start, window_end;
SELECT k, window_start, window_end, COUNT(*), SUM(v) FROM TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY k, window_start, window_end;
SELECT k, window_start, window_end, COUNT(*), SUM(v) FROM TABLE(CUMULATE(TABLE w, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY k, window_start, window_end;
SELECT k, HOP_START(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND), COUNT(*), SUM(v) FROM w GROUP BY k, HOP(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND);
SELECT k, HOP_START(ts, INTERVAL '7' SECOND, INTERVAL '30' SECOND), COUNT(*), SUM(v) FROM t GROUP BY k, HOP(ts, INTERVAL '7' SECOND, INTERVAL '30' SECOND);
SELECT k, v, window_start, window_end, COUNT(*) FROM TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)) GROUP BY k, v, window_start, window_end;
SELECT k, window_start, COUNT(*), SUM(v) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND, INTERVAL '3' SECOND)) GROUP BY k, window_start, window_end;
SELECT window_start, window_end, COUNT(*) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
SELECT k, window_start, STDDEV_POP(v), LISTAGG(k) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY k, window_start, window_end;
SET 'table.optimizer.agg-phase-strategy' = 'ONE_PHASE';
SELECT k, window_start, COUNT(*), COUNT(DISTINCT v) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '1' MINUTE)) GROUP BY k, window_start, window_end;
