error-settings-unreadable = The settings could not be read ({ $reason }). We start with the defaults; the old file is kept at { $path }.
error-settings-not-saved = The settings were not saved to { $path }: { $reason }. Check that the folder exists and that there is room.
error-file-not-read = The file { $path } could not be read: { $reason }
error-file-not-saved = The file { $path } was not saved: { $reason }. Check that the folder exists and that there is room.

top-board = Live board
top-cluster = { $all } TM × { $slots } slots
top-cluster-lost = { $alive } of { $all } TM × { $slots } slots
top-dark = Dark theme
top-light = Light theme
top-full-screen = Full screen
top-help = Help and shortcuts

lesson-number = Lesson { $number }
lesson-of = { $number } of 24
lesson-menu = Lessons: choose
lesson-open-folder = Open a folder of lessons…
lesson-built-in = Riacho's own lessons
lesson-fold = Show or fold the lesson
lesson-fold-away = Fold the lesson away
lesson-unfold = Unfold the lesson
lesson-then = then: { $phase }
lesson-last-phase = last phase
lesson-steps = Steps
lesson-done = done
lesson-open = to do
lesson-prediction = Your prediction
lesson-one-of = { $number } of { $count }
lesson-predict = Predict
lesson-choose = Choose, then predict.
lesson-right = right
lesson-what-happened = what happened
lesson-your-choice = your choice
lesson-hint = Hint { $number }/{ $count }
lesson-hint-number = Hint { $number }
lesson-script = Use the lesson's SQL
lesson-to-editor = Put into the editor
lesson-solution = Solution
lesson-solution-locked = Opens after an attempt
lesson-next = Next
lesson-before = Phase before

editor-program = Program
editor-sql = SQL
editor-catalog = Catalog
editor-jobs = Jobs
editor-run = Run
editor-run-help = Runs the statement at the caret and goes on to the next, or runs the selection (Ctrl+Enter); F5 runs all
editor-run-all = Run all
editor-errors = { $count ->
    [one] { $count } error
   *[other] { $count } errors
}
editor-sql-field = SQL editor
editor-repair = Replace
editor-repair-mode = Use { $mode } mode
editor-menu = File and history
editor-open = Open file…
editor-save = Save as…
editor-file = SQL script
editor-history = History

complete-keyword = keyword
complete-function = function
complete-table = table
complete-view = view
complete-column = column
complete-option = option
complete-keys = Tab accepts   Esc closes

program-run = Run
program-again = Run again
program-scoreboard = Scoreboard
program-live-board = Live exam
program-word-count = WordCount
program-socket = Socket
program-parallelism = parallelism
program-less = Less parallelism
program-more = More parallelism

jobs-none = No jobs yet. Run a program or a query.
jobs-cancel = Cancel
jobs-show = Show { $name }

catalog-tables = Tables
catalog-functions = Functions
catalog-current = Current catalog and database
catalog-empty = No tables yet. CREATE TABLE makes one.
catalog-settings = Options given with SET
catalog-select = Query
catalog-keep = Keep the catalog when Riacho closes
catalog-keep-note = In Flink the in-memory catalog is lost with its session. TEMPORARY objects are not kept.

results-output = Output
results-changelog = Changelog
results-table = Table
results-stdout = Text
results-files = Files
files-none = This lab uses the real paths of the system: it has no folder of its own to show.
files-empty = No files yet. An INSERT into a filesystem table makes the first one.
files-folder = { $path } · the paths of tables lie in here
files-in-progress = in progress
files-bytes = { $bytes } bytes
files-more = and { $count } more
paste-open = Paste as table
paste-title = A table out of the clipboard
paste-text = CSV or TSV with the names of the columns in the first line, as a spreadsheet copies it:
paste-name = Name of the table:
paste-name-given = pasted
paste-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
paste-make = Make the table
people-start = Generate people
people-plan = { $rows } rows every { $seconds } s, { $files } files
people-stop = Stop
people-progress = { $written } of { $files } files, in { $folder }
people-rows = rows a file
people-seconds = seconds between two
people-files = files
people-folder = folder
people-table = Put the CREATE TABLE into the editor
results-none = No result yet. Run a program or a query.
results-lines = { $count ->
    [one] { $count } line · print
   *[other] { $count } lines · print
}
results-line = line
results-where = where
results-waiting = No row yet. The Why? page says what is missing.
results-no-rows = No row.
results-op = op
results-folded = Folded to a table
results-counts = { $changes ->
    [one] { $changes } change
   *[other] { $changes } changes
}, { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}
results-copy = Copy
results-copy-tsv = Copy for a spreadsheet (TSV)
results-copy-csv = Copy as CSV
results-copy-markdown = Copy as Markdown
results-side-editor = Program and SQL
results-side-results = Result
stdout-none = This TaskManager has printed nothing yet.
answer-done = Done.
answer-query = The query is job { $job }.
answer-insert = The INSERT is job { $job }.

time-start = Go to the start
time-back = Back one record
time-play = Continue
time-pause = Pause
time-step = Step one record
time-live = Go live
time-speed = speed
time-full-speed = full
time-is-live = live
time-is-paused = paused
time-is-past = looking back

notice-copied = Copied.
notice-close = Close notice

help-title = Shortcuts
help-reduced-motion = Reduce motion: records jump instead of gliding
help-close = Close help
help-about = Riacho, a lab for Apache Flink®. Independent, not affiliated with the Apache Software Foundation.
key-name-space = Space
key-run = Run the statement at the caret or the selection
key-run-all = Run the whole script
key-play = Pause or continue
key-step = Step one record
key-back = Back one record
key-start = Go to the start of the recording
key-live = Go live
key-board = Open or close the board
key-full-screen = Full screen
key-help = This help
key-lesson = Fold or unfold the lesson
key-paste-table = Make a table of the clipboard
key-theme = Switch the theme
