# Errors of the running cluster: jobs, tasks, slots, checkpoints.
error-unknown-job = There is no job { $job }. The list of jobs names those that exist.
error-job-over = Job { $job } is over and takes no more records. Run it again to feed it.
error-no-resource-available = The job needs { $needed } slots, and the cluster has { $total } in all, too few of them free. Lower the parallelism, cancel a job that holds slots, or start another TaskManager.
error-task-manager-lost = TaskManager { $task-manager } is gone, and with it every task in its slots.
error-task-panicked = An operator broke down: { $message }. The job failed; the lab goes on.
error-snapshot-not-written = The state could not be put into the checkpoint: { $reason }.
error-snapshot-not-read = The state could not be read back from the checkpoint: { $reason }.
error-snapshot-version = The checkpoint holds state of version { $version }, which this Riacho does not know.
error-thread-not-started = The system refused another thread: { $reason }. Use fewer slots or the step driver.
error-match-skip-missing = A match has no row of the variable that AFTER MATCH SKIP names. Skip to a variable that every match has, or past the last row.
error-match-skip-first = AFTER MATCH SKIP would begin the same match again: the row it names is the first one. Skip to the next row, or past the last row.
