# Errors of the session and of the command line, and how errors are put together.
error-place = (line { $line }, column { $column })
error-cause = Cause: { $cause }
error-unknown-driver = There is no driver “{ $name }”. Use step or threads.
