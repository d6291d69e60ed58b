error-settings-unreadable = The settings could not be read ({ $reason }). We start with the defaults; the old file is kept at { $path }.
error-settings-not-saved = The settings were not saved to { $path }: { $reason }. Check that the folder exists and that there is room.
