board-title = The scoreboard
board-over = The exam is over!
board-open = Exam running
board-broken = The exam stopped
board-student = Student { $name }
board-numbers = { $answers ->
    [one] { $answers } answer    mean { $mean }
   *[other] { $answers } answers    mean { $mean }
}
board-nobody = Nobody has answered yet
board-tie = A tie
board-tie-why = same points, different ways
board-ahead = { $name } is ahead
board-ahead-why = { $points ->
    [one] by { $points } point
   *[other] by { $points } points
}
board-answers = { $done } of { $limit } answers
board-says = Student { $name }: { $points } points
board-leave = Back to the lab
board-start = Open a live exam
board-limit = ends at answer number
board-who = Student
board-points = Points
board-give = Give answer
board-wrong = Write the student's name, and the points as a whole number.
