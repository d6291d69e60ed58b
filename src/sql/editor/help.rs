//! Which words have one sentence of help: functions, from their reference, and the words of
//! statements, whose sentences are in `assets/i18n/*/completion.ftl`.

use super::reference;

/// Words in upper case and the ids of their sentences, sorted by word.
const HELP: &[(&str, &str)] = &[
    ("ALTER", "completion-alter"),
    ("CREATE", "completion-create"),
    ("DESCRIBE", "completion-describe"),
    ("DISTINCT", "completion-distinct"),
    ("DROP", "completion-drop"),
    ("EXECUTE", "completion-execute"),
    ("EXPLAIN", "completion-explain"),
    ("FROM", "completion-from"),
    ("GROUP", "completion-group"),
    ("HAVING", "completion-having"),
    ("INSERT", "completion-insert"),
    ("LIMIT", "completion-limit"),
    ("ORDER", "completion-order"),
    ("RESET", "completion-reset"),
    ("SELECT", "completion-select"),
    ("SET", "completion-set"),
    ("SHOW", "completion-show"),
    ("UNION", "completion-union"),
    ("USE", "completion-use"),
    ("VALUES", "completion-values"),
    ("WATERMARK", "completion-watermark"),
    ("WHERE", "completion-where"),
    ("WITH", "completion-with"),
];

/// The id of the sentence about a word of the language, if there is one.
pub fn of(word: &str) -> Option<&'static str> {
    let statement = HELP.binary_search_by_key(&word, |(known, _)| known).map(|at| HELP[at].1);
    statement.ok().or_else(|| reference::lookup(word).map(|entry| entry.help))
}

#[cfg(test)]
mod tests {
    use super::{HELP, of};

    #[test]
    fn words_are_sorted_and_found() {
        assert!(HELP.is_sorted_by_key(|(word, _)| *word));
        assert_eq!(of("SELECT"), Some("completion-select"));
        assert_eq!(of("TUMBLE"), Some("function-tumble"));
        assert_eq!(of("tumble"), None, "a column called like a word is not the word");
    }
}
