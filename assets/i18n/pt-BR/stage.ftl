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
stage-rate = { $rows ->
    [one] { $rows } linha/s
   *[other] { $rows } linhas/s
}
stage-chained = encadeados: uma só tarefa
stage-branches = { $branches } ramos
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
stage-idle = { $share } ociosa

# O inspetor.
inspector-record = Registro
inspector-state = Estado
inspector-task = Tarefa
inspector-why = Por quê?
inspector-nothing = Nenhum job ainda.
inspector-record-none = Clique em um registro para seguir a viagem dele.
inspector-record-gone = Este registro já não é lembrado: o traço guarda só os últimos.
inspector-record-under = registro { $number } · { $kind } · { $operator }
inspector-replay = Rever a viagem
inspector-release = Soltar
inspector-passport = Passaporte
inspector-stamps = { $count ->
    [one] { $count } carimbo
   *[other] { $count } carimbos
}
inspector-at-source = { $place } · posição { $position } da fonte
inspector-slot = TM { $id }, slot { $slot }
inspector-no-slot = sem slot
inspector-channel = canal { $partitioner } → sub. { $index }
inspector-buffers = { $used } de { $capacity } buffers
inspector-output = saiu do job
inspector-asked = consultou { $table }
inspector-found = { $count ->
    [0] por { $key }: a tabela não tem linha
    [one] por { $key }: a tabela tem { $row }
   *[other] por { $key }: a tabela tem { $count } linhas, a primeira: { $row }
}
inspector-found-unused = não saiu linha daí: o resto da condição também precisa valer
inspector-late = chegou tarde e foi descartado
inspector-lost = perdido com a tentativa
inspector-lost-with = perdido com o TM { $id }
inspector-read-again = se veio depois do último checkpoint, será lido de novo
inspector-why-subtask = Por que a subtarefa { $index }?
inspector-java-hash = Java
inspector-row-hash = linha SQL
inspector-mixed = mistura
inspector-group = grupo
inspector-subtask = subtarefa
inspector-owner = O dono da chave não muda com uma queda. Muda só o slot onde o dono mora.
inspector-origins = Veio destes registros
inspector-no-keyed-state = Este job não guarda estado por chave.
inspector-state-by-key = estado por chave
inspector-state-under = estado por chave · { $states }
inspector-more-keys = { $count ->
    [one] e mais { $count } chave
   *[other] e mais { $count } chaves
}
inspector-pressed = { $share } represada
inspector-key = chave
inspector-last-write = Última escrita
inspector-because = por causa do registro { $number }, { $row }
inspector-where-keys-live = Onde moram as chaves
inspector-all-subtasks = todas as { $count } subtarefas
inspector-groups = { $count } grupos
inspector-in-transit = Em trânsito
inspector-records = { $count ->
    [0] nenhum
    [one] { $count } registro
   *[other] { $count } registros
}
inspector-task-none = Escolha uma subtarefa aqui ou no palco.
inspector-task-state = estado
inspector-task-place = lugar
inspector-task-attempt = tentativa
inspector-task-in = entrou
inspector-task-out = saiu
inspector-task-bytes-in = bytes recebidos
inspector-task-bytes-out = bytes enviados
inspector-task-groups = grupos de chaves
inspector-task-late = atrasados
inspector-pace = Passo
inspector-pace-now = { $rows ->
    [one] Passo: { $rows } linha no último segundo
   *[other] Passo: { $rows } linhas no último segundo
}
inspector-parts = Arquivos part
inspector-parts-finished = { $files ->
    [one] { $files } pronto
   *[other] { $files } prontos
}
part-in-progress = em andamento
part-pending = pendente
part-finished = pronto
inspector-tasks = Subtarefas

# Por que não há saída?
why-title = Por que não há saída?
why-title-output = Há saída
why-flowing = { $rows ->
    [one] O job anda: { $rows } linha saiu até agora.
   *[other] O job anda: { $rows } linhas saíram até agora.
}
why-ended = { $rows ->
    [0] O job terminou sem nenhuma linha na saída.
    [one] O job terminou: { $rows } linha saiu.
   *[other] O job terminou: { $rows } linhas saíram.
}
why-nothing-read = O job terminou, e a fonte não achou nenhuma linha: os dados não estavam lá quando ela olhou. Uma pasta é lida uma vez só, a menos que tenha source.monitor-interval.
why-none-through = O job terminou: havia linhas, mas nenhuma passou até a saída.
why-drops = { $rows ->
    [one] recebeu { $rows } linha e não passou nenhuma adiante: um filtro, uma junção sem par, uma linha atrasada
   *[other] recebeu { $rows } linhas e não passou nenhuma adiante: um filtro, uma junção sem par, linhas atrasadas
}
why-failed = O job falhou, e um job que falhou não emite mais nada.
why-no-slots = Falta slot: há mais subtarefas do que lugares no cluster. Pare outro job ou use paralelismo menor.
why-starting = O job está começando: as subtarefas ainda não chegaram a RUNNING.
why-watermark = As linhas chegaram, mas quem as guarda espera o relógio dos dados, e uma das entradas parou no tempo.
why-back-pressure = Alguém não dá conta do que recebe: o canal antes dele está cheio.
why-no-input = A fonte não tem mais o que dar agora.
why-on-the-way = Há registros a caminho. Deixe o tempo correr, ou avance um registro.
why-sink-empty = { $subtask } não recebeu nada
why-sink-empty-detail = ninguém antes dela emitiu uma linha
why-holds = { $rows ->
    [one] guarda { $rows } linha; watermark { $watermark }
   *[other] guarda { $rows } linhas; watermark { $watermark }
}
why-smallest = O watermark é o menor entre as entradas
why-smallest-detail = a mais lenta decide por todas
why-source-quiet = { $rows ->
    [one] leu { $rows } linha; parada desde { $time }
   *[other] leu { $rows } linhas; parada desde { $time }
}
why-hidden = As linhas foram escritas, em arquivos part que ninguém vê ainda. Eles aparecem quando um checkpoint se completa, ou quando a entrada acaba.
why-hidden-files = { $rows ->
    [one] { $rows } linha em arquivos ocultos: espera o próximo checkpoint
   *[other] { $rows } linhas em arquivos ocultos: esperam o próximo checkpoint
}
why-hidden-files-for-ever = { $rows ->
    [one] { $rows } linha em um arquivo oculto
   *[other] { $rows } linhas em arquivos ocultos
}, e nenhum checkpoint até agora: com SET 'execution.checkpointing.interval' = '10 s' eles vêm sozinhos; a figura Cluster faz um
why-channel-full = o canal até aqui está cheio: nenhum buffer livre
why-no-slot = espera um slot
why-outside = espera o mundo de fora: um arquivo, um socket, uma pessoa
why-show = Ver { $subtask }

# A linha do tempo.
timeline = Linha do tempo
timeline-live = ao vivo
timeline-lost = TM { $id } morto
