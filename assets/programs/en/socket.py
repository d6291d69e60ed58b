# First, in another terminal: nc -lk 9999
# PyFlink does not bring this source; in Java, socketTextStream
lines = env.socket_text_stream('localhost', 9999)

(lines
  .flat_map(split)         # (word, 1)
  .key_by(lambda p: p[0])  # the word
  .window(TumblingProcessingTimeWindows.of(Time.seconds(5)))
  .reduce(add)             # the window's count
  .print())

env.execute('Socket Window WordCount')
