-- compare: exact
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE o (order_id INT, customer STRING, product STRING, qty INT, price DECIMAL(10,2), order_time TIMESTAMP(3), WATERMARK FOR order_time AS order_time) WITH ('connector' = 'filesystem', 'path' = '${DATA}/orders.csv', 'format' = 'csv');
SELECT TUMBLE_START(order_time, INTERVAL '1' MONTH), COUNT(*) FROM o GROUP BY TUMBLE(order_time, INTERVAL '1' MONTH);
SELECT window_start, window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE o, DESCRIPTOR(order_time), INTERVAL '1' MONTH)) GROUP BY window_start, window_end;
SELECT TUMBLE_START(order_time, INTERVAL '1' YEAR), COUNT(*) FROM o GROUP BY TUMBLE(order_time, INTERVAL '1' YEAR);
SELECT customer, HOP_START(order_time, INTERVAL '10' MINUTE, INTERVAL '1' HOUR), COUNT(*), SUM(qty) FROM o GROUP BY customer, HOP(order_time, INTERVAL '10' MINUTE, INTERVAL '1' HOUR);
SELECT customer, HOP_START(order_time, INTERVAL '10' MINUTE, INTERVAL '1' HOUR), LISTAGG(product) FROM o GROUP BY customer, HOP(order_time, INTERVAL '10' MINUTE, INTERVAL '1' HOUR);
