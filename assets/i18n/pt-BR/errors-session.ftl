# Erros da sessão e da linha de comando, e como os erros são montados.
error-place = (linha { $line }, coluna { $column })
error-cause = Causa: { $cause }
error-unknown-driver = Não existe o driver “{ $name }”. Use step ou threads.
