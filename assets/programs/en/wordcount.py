lines = env.from_collection(HAMLET)

(lines
  .flat_map(split)         # (word, 1)
  .key_by(lambda p: p[0])  # the word
  .sum(1)                  # the count
  .print())

env.execute('WordCount')
