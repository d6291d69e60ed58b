# The stage: job graph and cluster.
stage-graph = Graph
stage-cluster = Cluster
stage-empty = No job yet. Run the program or a query, and it appears here.
stage-legend-color = colour = key
stage-legend-key = key
stage-subtask = subtask { $index }
stage-vertex-subtask = { $vertex } · sub. { $index }
stage-groups = groups { $first }–{ $last }
stage-rows = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}
stage-rows-read = { $rows } read
stage-rows-out = { $rows } out
stage-rows-in = { $rows } in
stage-rate = { $rows ->
    [one] { $rows } row/s
   *[other] { $rows } rows/s
}
stage-chained = chained: a single task
stage-branches = { $branches } branches
stage-one-task = one task
stage-busy = { $share } busy
stage-pressed = { $share } held back
stage-no-state = no key yet
stage-record = record { $row }
stage-watermark-none = no watermark
stage-watermark-end = end
stage-slot = slot { $number }
stage-slot-free = free
stage-slot-gone = no process, no slot
stage-slots = { $slots ->
    [one] { $slots } slot
   *[other] { $slots } slots
} · { $used } in use
stage-attempt = attempt { $attempt }
stage-lost-at = died at { $time }
stage-kill-task-manager = Kill TM { $id }
stage-start-task-manager = Start TM { $id }
stage-client-sent = planned and sent
stage-client-idle = nothing sent
stage-manager-idle = waiting for a job
stage-manager-running = { $running } of { $all } subtasks RUNNING
stage-plan = attempt { $attempt }
stage-plan-restored = attempt { $attempt } from checkpoint { $checkpoint }
stage-checkpoint-none = none completed
stage-checkpoint-running = checkpoint { $checkpoint }: { $done } of { $all } subtasks
stage-checkpoint-position = source at position { $rows }
stage-take-checkpoint = Take a checkpoint
stage-idle = { $share } idle

# The inspector.
inspector-record = Record
inspector-state = State
inspector-task = Task
inspector-why = Why?
inspector-nothing = No job yet.
inspector-record-none = Click a record to follow its journey.
inspector-record-gone = This record is no longer remembered: the trace keeps only the latest.
inspector-record-under = record { $number } · { $kind } · { $operator }
inspector-replay = See the journey again
inspector-release = Let go
inspector-passport = Passport
inspector-stamps = { $count ->
    [one] { $count } stamp
   *[other] { $count } stamps
}
inspector-at-source = { $place } · position { $position } of the source
inspector-slot = TM { $id }, slot { $slot }
inspector-no-slot = no slot
inspector-channel = channel { $partitioner } → sub. { $index }
inspector-buffers = { $used } of { $capacity } buffers
inspector-output = left the job
inspector-asked = asked { $table }
inspector-found = { $count ->
    [0] for { $key }: the table has no row
    [one] for { $key }: the table has { $row }
   *[other] for { $key }: the table has { $count } rows, the first: { $row }
}
inspector-found-unused = no row has come of it: the rest of the condition must hold too
inspector-late = came late and was dropped
inspector-lost = lost with its attempt
inspector-lost-with = lost with TM { $id }
inspector-read-again = if it came after the last checkpoint, it will be read again
inspector-why-subtask = Why subtask { $index }?
inspector-java-hash = Java
inspector-row-hash = SQL row
inspector-mixed = mixed
inspector-group = group
inspector-subtask = subtask
inspector-owner = A crash does not change a key's owner. Only the slot where the owner lives changes.
inspector-origins = It came from these records
inspector-no-keyed-state = This job keeps no state by key.
inspector-state-by-key = state by key
inspector-state-under = state by key · { $states }
inspector-more-keys = { $count ->
    [one] and { $count } more key
   *[other] and { $count } more keys
}
inspector-pressed = { $share } back-pressured
inspector-key = key
inspector-last-write = Last write
inspector-because = because of record { $number }, { $row }
inspector-where-keys-live = Where keys live
inspector-all-subtasks = all { $count } subtasks
inspector-groups = { $count } groups
inspector-in-transit = In transit
inspector-records = { $count ->
    [0] none
    [one] { $count } record
   *[other] { $count } records
}
inspector-task-none = Choose a subtask here or on the stage.
inspector-task-state = state
inspector-task-place = place
inspector-task-attempt = attempt
inspector-task-in = in
inspector-task-out = out
inspector-task-bytes-in = bytes received
inspector-task-bytes-out = bytes sent
inspector-task-groups = key groups
inspector-task-late = late
inspector-pace = Pace
inspector-pace-now = { $rows ->
    [one] Pace: { $rows } row in the last second
   *[other] Pace: { $rows } rows in the last second
}
inspector-parts = Part files
inspector-parts-finished = { $files } finished
part-in-progress = in-progress
part-pending = pending
part-finished = finished
inspector-tasks = Subtasks

# Why is there no output?
why-title = Why is there no output?
why-title-output = There is output
why-flowing = { $rows ->
    [one] The job moves: { $rows } row has come out so far.
   *[other] The job moves: { $rows } rows have come out so far.
}
why-ended = { $rows ->
    [0] The job ended without a single row of output.
    [one] The job ended: { $rows } row came out.
   *[other] The job ended: { $rows } rows came out.
}
why-nothing-read = The job ended, and its source found no row: the data was not there when it looked. A folder is read once, unless it has source.monitor-interval.
why-none-through = The job ended: there were rows, but none came through to the output.
why-drops = { $rows ->
    [one] took { $rows } row and passed none on: a filter, a join without partners, a late row
   *[other] took { $rows } rows and passed none on: a filter, a join without partners, late rows
}
why-failed = The job failed, and a failed job emits nothing more.
why-no-slots = Slots are missing: there are more subtasks than places in the cluster. Stop another job or use a smaller parallelism.
why-starting = The job is starting: its subtasks are not RUNNING yet.
why-watermark = The rows came, but who holds them waits for the clock of the data, and one of the inputs stands still.
why-back-pressure = Somebody cannot keep up with what comes: the channel before them is full.
why-no-input = The source has nothing to give right now.
why-on-the-way = Records are on their way. Let time go on, or step one record.
why-sink-empty = { $subtask } received nothing
why-sink-empty-detail = nobody before it has emitted a row
why-holds = { $rows ->
    [one] holds { $rows } row; watermark { $watermark }
   *[other] holds { $rows } rows; watermark { $watermark }
}
why-smallest = The watermark is the smallest of the inputs
why-smallest-detail = the slowest decides for all
why-source-quiet = { $rows ->
    [one] read { $rows } row; quiet since { $time }
   *[other] read { $rows } rows; quiet since { $time }
}
why-hidden = The rows are written, into part files that nobody sees yet. They appear when a checkpoint completes, or when the input ends.
why-hidden-files = { $rows ->
    [one] { $rows } row in hidden files: waits for the next checkpoint
   *[other] { $rows } rows in hidden files: they wait for the next checkpoint
}
why-hidden-files-for-ever = { $rows ->
    [one] { $rows } row in a hidden file
   *[other] { $rows } rows in hidden files
}, and no checkpoint yet: with SET 'execution.checkpointing.interval' = '10 s' they come by themselves; the Cluster picture takes one
why-channel-full = the channel to it is full: no buffer is free
why-no-slot = waits for a slot
why-outside = waits for the outside: a file, a socket, a person
why-show = Show { $subtask }

# The timeline.
timeline = Timeline
timeline-live = live
timeline-lost = TM { $id } died
