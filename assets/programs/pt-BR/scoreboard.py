respostas = env.from_collection(PROVA)

(respostas
  .key_by(lambda r: r[0])  # o aluno
  .map(Score())            # a conta
  .print())

env.execute('O placar')
