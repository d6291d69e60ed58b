//! Which words have one sentence of help; the sentences are in `assets/i18n/*/completion.ftl`.

/// Words in upper case and the ids of their sentences, sorted by word.
const HELP: &[(&str, &str)] = &[
    ("ALTER", "completion-alter"),
    ("AVG", "completion-avg"),
    ("CASE", "completion-case"),
    ("CAST", "completion-cast"),
    ("COALESCE", "completion-coalesce"),
    ("CONCAT", "completion-concat"),
    ("COUNT", "completion-count"),
    ("CREATE", "completion-create"),
    ("CURRENT_TIMESTAMP", "completion-current-timestamp"),
    ("DATE_FORMAT", "completion-date-format"),
    ("DESCRIBE", "completion-describe"),
    ("DISTINCT", "completion-distinct"),
    ("DROP", "completion-drop"),
    ("EXECUTE", "completion-execute"),
    ("EXPLAIN", "completion-explain"),
    ("EXTRACT", "completion-extract"),
    ("FLOOR", "completion-floor"),
    ("FROM", "completion-from"),
    ("GROUP", "completion-group"),
    ("HAVING", "completion-having"),
    ("INSERT", "completion-insert"),
    ("LIMIT", "completion-limit"),
    ("LOWER", "completion-lower"),
    ("MAX", "completion-max"),
    ("MIN", "completion-min"),
    ("ORDER", "completion-order"),
    ("PROCTIME", "completion-proctime"),
    ("RESET", "completion-reset"),
    ("ROUND", "completion-round"),
    ("SELECT", "completion-select"),
    ("SET", "completion-set"),
    ("SHOW", "completion-show"),
    ("SUBSTRING", "completion-substring"),
    ("SUM", "completion-sum"),
    ("TO_TIMESTAMP", "completion-to-timestamp"),
    ("TRY_CAST", "completion-try-cast"),
    ("TUMBLE", "completion-tumble"),
    ("TUMBLE_END", "completion-tumble-end"),
    ("TUMBLE_ROWTIME", "completion-tumble-rowtime"),
    ("TUMBLE_START", "completion-tumble-start"),
    ("UNION", "completion-union"),
    ("UPPER", "completion-upper"),
    ("USE", "completion-use"),
    ("VALUES", "completion-values"),
    ("WATERMARK", "completion-watermark"),
    ("WHERE", "completion-where"),
    ("WITH", "completion-with"),
];

/// The id of the sentence about a word of the language, if there is one.
pub fn of(word: &str) -> Option<&'static str> {
    let found = HELP.binary_search_by_key(&word, |(known, _)| known).ok()?;
    Some(HELP[found].1)
}

#[cfg(test)]
mod tests {
    use super::{HELP, of};

    #[test]
    fn words_are_sorted_and_found() {
        assert!(HELP.is_sorted_by_key(|(word, _)| *word));
        assert_eq!(of("TUMBLE"), Some("completion-tumble"));
        assert_eq!(of("tumble"), None, "a column called like a word is not the word");
    }
}
