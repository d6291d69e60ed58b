linhas = env.from_collection(HAMLET)

(linhas
  .flat_map(separar)       # (palavra, 1)
  .key_by(lambda p: p[0])  # a palavra
  .sum(1)                  # a conta
  .print())

env.execute('WordCount')
