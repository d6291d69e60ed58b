board-title = O placar
board-over = Acabou a prova!
board-open = Prova em andamento
board-broken = A prova parou
board-student = Aluno { $name }
board-numbers = { $answers ->
    [one] { $answers } resposta    média { $mean }
   *[other] { $answers } respostas    média { $mean }
}
board-nobody = Ninguém respondeu ainda
board-tie = Empate
board-tie-why = mesmos pontos, caminhos diferentes
board-ahead = { $name } na frente
board-ahead-why = { $points ->
    [one] por { $points } ponto
   *[other] por { $points } pontos
}
board-answers = { $done } de { $limit } respostas
board-says = Aluno { $name }: { $points } pontos
board-leave = Voltar ao laboratório
board-start = Abrir prova ao vivo
board-limit = termina na resposta número
board-who = Aluno
board-points = Pontos
board-give = Dar resposta
board-wrong = Escreva o nome do aluno e os pontos como número inteiro.
