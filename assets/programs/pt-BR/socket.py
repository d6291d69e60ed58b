# Antes, em outro terminal: nc -lk 9999
# O PyFlink não traz esta fonte; em Java, socketTextStream
linhas = env.socket_text_stream('localhost', 9999)

(linhas
  .flat_map(separar)       # (palavra, 1)
  .key_by(lambda p: p[0])  # a palavra
  .window(TumblingProcessingTimeWindows.of(Time.seconds(5)))
  .reduce(somar)           # a conta da janela
  .print())

env.execute('Socket Window WordCount')
