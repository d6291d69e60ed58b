# Erros do cluster em execução: jobs, tarefas, slots, checkpoints.
error-unknown-job = Não existe o job { $job }. A lista de jobs mostra os que existem.
error-job-over = O job { $job } já terminou e não aceita mais registros. Execute-o de novo para alimentá-lo.
error-no-resource-available = O job precisa de { $needed } slots, e o cluster tem { $total } ao todo, com poucos livres. Reduza o paralelismo, cancele um job que ocupa slots ou inicie outro TaskManager.
error-task-manager-lost = O TaskManager { $task-manager } caiu, e com ele todas as tarefas dos seus slots.
error-task-panicked = Um operador quebrou: { $message }. O job falhou; o laboratório continua.
error-snapshot-not-written = Não foi possível gravar o estado no checkpoint: { $reason }.
error-snapshot-not-read = Não foi possível ler o estado do checkpoint: { $reason }.
error-snapshot-version = O checkpoint guarda estado da versão { $version }, que este Riacho não conhece.
error-thread-not-started = O sistema recusou mais uma thread: { $reason }. Use menos slots ou o driver step.
error-match-skip-missing = Um achado não tem linha da variável que AFTER MATCH SKIP nomeia. Pule para uma variável que todo achado tem, ou para depois da última linha.
error-match-skip-first = AFTER MATCH SKIP recomeçaria o mesmo achado: a linha que ele nomeia é a primeira. Pule para a próxima linha, ou para depois da última.
