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
stage-chained = chained: a single task
stage-one-task = one task
stage-busy = { $share } busy
stage-pressed = { $share } back-pressured
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
