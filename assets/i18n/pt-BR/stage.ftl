# O palco: grafo do job e cluster.
stage-graph = Grafo
stage-cluster = Cluster
stage-empty = Nenhum job ainda. Rode o programa ou uma consulta, e ele aparece aqui.
stage-legend-color = cor = chave
stage-legend-key = chave
stage-subtask = subtarefa { $index }
stage-vertex-subtask = { $vertex } · sub. { $index }
stage-groups = grupos { $first }–{ $last }
stage-rows = { $rows ->
    [one] { $rows } linha
   *[other] { $rows } linhas
}
stage-rows-read = { $rows ->
    [one] { $rows } lida
   *[other] { $rows } lidas
}
stage-rows-out = { $rows ->
    [one] saiu { $rows }
   *[other] saíram { $rows }
}
stage-rows-in = { $rows ->
    [one] entrou { $rows }
   *[other] entraram { $rows }
}
stage-chained = encadeados: uma só tarefa
stage-one-task = uma tarefa
stage-busy = { $share } ocupada
stage-pressed = { $share } represada
stage-no-state = nenhuma chave ainda
stage-record = registro { $row }
stage-watermark-none = sem watermark
stage-watermark-end = fim
stage-slot = slot { $number }
stage-slot-free = livre
stage-slot-gone = sem processo, sem slot
stage-slots = { $slots ->
    [one] { $slots } slot
   *[other] { $slots } slots
} · { $used } em uso
stage-attempt = tentativa { $attempt }
stage-lost-at = morto em { $time }
stage-kill-task-manager = Matar TM { $id }
stage-start-task-manager = Iniciar TM { $id }
stage-client-sent = planejou e enviou
stage-client-idle = nada enviado
stage-manager-idle = à espera de um job
stage-manager-running = { $running } de { $all } subtarefas em RUNNING
stage-plan = tentativa { $attempt }
stage-plan-restored = tentativa { $attempt } a partir do checkpoint { $checkpoint }
stage-checkpoint-none = nenhum completo
stage-checkpoint-running = checkpoint { $checkpoint }: { $done } de { $all } subtarefas
stage-checkpoint-position = fonte na posição { $rows }
stage-take-checkpoint = Tirar checkpoint
