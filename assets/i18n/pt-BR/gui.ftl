error-settings-unreadable = As configurações não puderam ser lidas ({ $reason }). Começamos com as de fábrica; o arquivo antigo está guardado em { $path }.
error-settings-not-saved = As configurações não foram gravadas em { $path }: { $reason }. Confira se a pasta existe e se há espaço.
