# The command line.
cli-about =
    Riacho, a lab for Apache Flink®: see one record travel.

    Without a command the window opens. The commands run the same engine in a terminal.
cli-usage = Usage
cli-commands = Commands
cli-options = Options
cli-arguments = Arguments
cli-value = VALUE
cli-examples =
    Try:
      riacho sql                              a SQL prompt; type HELP in it
      riacho sql -f first.sql                 runs a script and prints each result
      riacho run scoreboard --parallelism 2   the tutorial's scoreboard, two subtasks

    A first query for the prompt:
      SELECT name, COUNT(*) AS cnt
      FROM (VALUES ('Bob'), ('Alice'), ('Greg'), ('Bob')) AS NameTable(name) GROUP BY name;
cli-sql-about =
    SQL in Flink's dialect: an interactive client, or a script with -f.
cli-sql-examples =
    A script stops at its first error with exit code 1; a transcript goes on and numbers what each
    statement answered (OK, RESULT, ERROR, UNBOUNDED), for grading.

    Try:
      riacho sql
      riacho sql -f first.sql --parallelism 2
      riacho sql --transcript -f exercise.sql --data ./data --tmp ./scratch
cli-run-about =
    Runs a built-in program of the DataStream API; its TaskManagers' stdout comes to your terminal.
cli-run-program = scoreboard (two students, ten answers), wordcount (Hamlet's monologue) or socket-window-wordcount (words that come over a socket)
cli-run-examples =
    With more than one subtask each line begins with “n>”: the subtask that printed it. The same key
    always comes from the same subtask.

    Try:
      riacho run scoreboard
      riacho run wordcount --parallelism 4 --driver threads
cli-option-help = Shows this help
cli-option-version = Shows the version
cli-option-file = Runs the statements of a file (“-”: of standard input) and ends
cli-option-transcript = Goes on after errors and prints the numbered form
cli-option-limit = Seconds until a running statement counts as UNBOUNDED (20; “-- limit: s” in the script wins)
cli-option-data = The folder that {"${DATA}"} stands for in the script
cli-option-tmp = The folder that {"${TMP}"} stands for in the script
cli-option-driver = Who runs the cluster: threads (full speed) or step (one thread, a virtual clock, repeatable)
cli-option-parallelism = Parallel subtasks of each operator (parallelism.default)
cli-option-root = A folder that no file access may leave
cli-option-remote = Sockets may be those of other machines
cli-option-hostname = The machine that socket-window-wordcount reads from; localhost otherwise
cli-option-port = Its port, such as that of “nc -lk 9999”
cli-option-lang = pt-BR or en; otherwise the language of your system
cli-error = Error
cli-warning = Warning
cli-prompt-welcome =
    Riacho SQL. Statements end with “;”. HELP shows what there is, QUIT ends.
cli-prompt-help =
    Statements end with “;” and may have several lines. Tab completes keywords and names.
    Ctrl+C cancels the running query or the line; Ctrl+D or QUIT; ends.

      SET 'execution.runtime-mode' = 'batch';     one answer (the default is streaming: a changelog)
      SET;  RESET;                                settings
      CREATE TABLE .. WITH ('connector' = '..');  filesystem, datagen, print, blackhole
      SHOW TABLES;  DESCRIBE t;  EXPLAIN ..;      what there is
      SELECT ..;  INSERT INTO t SELECT ..;        queries and jobs
cli-prompt-bye = Goodbye.
cli-prompt-cancelled = Cancelled.
cli-insert-submitted = Job { $job } was submitted.
cli-insert-finished = Job { $job } has finished.
