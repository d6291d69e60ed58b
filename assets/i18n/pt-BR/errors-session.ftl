# Erros da sessão e da linha de comando, e como os erros são montados.
error-place = (linha { $line }, coluna { $column })
error-cause = Causa: { $cause }
error-cli-unknown-argument = Não existe a opção “{ $name }”. riacho --help mostra as que existem.
error-cli-unknown-command = Não existe o comando “{ $name }”. Os comandos são sql e run; sem comando, a janela se abre.
error-cli-invalid-choice = “{ $value }” não é um valor para { $name }. Valem: { $valid }.
error-cli-invalid-value = “{ $value }” não é um valor para { $name }. riacho --help diz o que cada opção aceita.
error-cli-missing-argument = Falta { $name }. riacho --help mostra o que cada comando precisa.
error-cli-not-understood = A linha de comando não foi entendida. riacho --help mostra o que se pode pedir.
error-cli-script-unreadable = O script { $path } não pode ser lido: { $reason }. Confira o caminho; “-” lê a entrada padrão.
error-job-failed = O job { $job } falhou.
error-statement-set-open = Há um statement set aberto: até fechá-lo, só INSERT e END; são possíveis. END; executa o que ele contém.
error-statement-set-not-open = END; fecha um statement set, mas nenhum está aberto. BEGIN STATEMENT SET; abre um.
error-window-not-built =
    Este programa foi compilado sem a janela. Estes comandos não precisam de tela:

      riacho sql                 um prompt de SQL
      riacho sql -f ARQUIVO      executa um script
      riacho run scoreboard      executa o placar do tutorial
      riacho --help              tudo o que há
error-no-display =
    Não há tela aqui (nem DISPLAY nem WAYLAND_DISPLAY está definida), por isso a janela não pode se abrir. Estes comandos não precisam de tela:

      riacho sql                 um prompt de SQL
      riacho sql -f ARQUIVO      executa um script
      riacho run scoreboard      executa o placar do tutorial
      riacho --help              tudo o que há
error-workspace-not-made = A pasta de trabalho { $path } não pôde ser criada: { $reason }. Escolha outra com --root.
error-window-not-opened = A janela não se abriu: { $reason }. Sem tela, use riacho sql, riacho run scoreboard ou riacho --help.
