answers = env.from_collection(EXAM)

(answers
  .key_by(lambda a: a[0])  # the student
  .map(Score())            # the sum
  .print())

env.execute('The scoreboard')
