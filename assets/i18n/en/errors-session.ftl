# Errors of the session and of the command line, and how errors are put together.
error-place = (line { $line }, column { $column })
error-cause = Cause: { $cause }
error-cli-unknown-argument = There is no option “{ $name }”. riacho --help shows those that exist.
error-cli-unknown-command = There is no command “{ $name }”. The commands are sql and run; without one the window opens.
error-cli-invalid-choice = “{ $value }” is no value for { $name }. It takes one of: { $valid }.
error-cli-invalid-value = “{ $value }” is no value for { $name }. riacho --help says what each option takes.
error-cli-missing-argument = { $name } is missing. riacho --help shows what each command needs.
error-cli-not-understood = The command line was not understood. riacho --help shows what can be asked for.
error-cli-script-unreadable = The script { $path } cannot be read: { $reason }. Check the path; “-” reads standard input.
error-job-failed = Job { $job } has failed.
error-statement-set-open = A statement set is open: only INSERT and END; are possible until it is closed. END; runs what it holds.
error-statement-set-not-open = END; closes a statement set, but none is open. BEGIN STATEMENT SET; opens one.
error-window-not-built =
    This program was built without the window. These commands need none:

      riacho sql                 a SQL prompt
      riacho sql -f FILE         runs a script
      riacho run scoreboard      runs the tutorial's scoreboard
      riacho --help              all of it
error-no-display =
    There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the window cannot open. These commands need none:

      riacho sql                 a SQL prompt
      riacho sql -f FILE         runs a script
      riacho run scoreboard      runs the tutorial's scoreboard
      riacho --help              all of it
error-workspace-not-made = The working folder { $path } could not be made: { $reason }. Choose another one with --root.
error-window-not-opened = The window did not open: { $reason }. Without a screen, use riacho sql, riacho run scoreboard or riacho --help.
