//! Words: screen texts and error codes in pt-BR and English, from `assets/i18n/<language>/*.ftl`.
//!
//! Every folder has files of its own there; all of them are embedded and read at the first use of a
//! word, so that a program which only prints results pays nothing. Not here: prose. Code names a
//! message id, the files hold the words; a test keeps both languages and the code equal.

mod error_text;
mod words;

use serde::{Deserialize, Serialize};

use self::words::words;

pub use error_text::error_text;
pub use fluent_templates::fluent_bundle::FluentValue;

/// A language of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// Brazilian Portuguese.
    #[default]
    PtBr,
    /// English.
    En,
}

impl Language {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::PtBr, Self::En];

    /// The code that people write: `pt-BR`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }

    /// The language of a locale such as `pt_BR.UTF-8`, `pt` or `en-US`: Portuguese when it says so,
    /// else English.
    pub fn from_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("pt") { Self::PtBr } else { Self::En }
    }
}

/// The words of a message without arguments. An id without words comes back as it is.
pub fn tr(language: Language, id: &str) -> String {
    words(language, id, &[]).unwrap_or_else(|| id.to_owned())
}

/// The words of a message with arguments: `tr_args(language, "rows", &[("count", 3.into())])`.
pub fn tr_args(language: Language, id: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
    words(language, id, args).unwrap_or_else(|| id.to_owned())
}

/// A number with a fixed count of decimals, with the decimal sign of the language.
pub fn number(language: Language, value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match language {
        Language::PtBr => text.replace('.', ","),
        Language::En => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_chooses_the_language() {
        for (locale, language) in [
            ("pt_BR.UTF-8", Language::PtBr),
            ("PT", Language::PtBr),
            ("en_US.UTF-8", Language::En),
            ("C.UTF-8", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::from_locale(locale), language, "{locale}");
        }
    }

    #[test]
    fn decimals_follow_the_language() {
        assert_eq!(number(Language::PtBr, 3.5, 2), "3,50");
        assert_eq!(number(Language::En, 3.5, 2), "3.50");
    }

    #[test]
    fn an_unknown_id_comes_back() {
        assert_eq!(tr(Language::En, "no-such-words"), "no-such-words");
    }
}
