//! Words: screen texts and error codes in pt-BR and English, from `assets/i18n/<language>/*.ftl`.
//!
//! Every folder has files of its own there; all of them are embedded and read at the first use of a
//! word, so that a program which only prints results pays nothing. Not here: prose. Code names a
//! message id, the files hold the words; a test keeps both languages and the code equal.

mod error_text;

use std::borrow::Cow;

use fluent_templates::fluent_bundle::{FluentResource, types::FluentNumber};
use fluent_templates::{FluentBundle, LanguageIdentifier, Loader, langid};
use serde::{Deserialize, Serialize};

pub use error_text::error_text;
pub use fluent_templates::fluent_bundle::FluentValue;

fluent_templates::static_loader! {
    static WORDS = {
        locales: "./assets/i18n",
        fallback_language: "en",
        customise: |bundle| prepare(bundle),
    };
}

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

    fn id(self) -> LanguageIdentifier {
        match self {
            Self::PtBr => langid!("pt-BR"),
            Self::En => langid!("en"),
        }
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

#[allow(
    clippy::disallowed_types,
    reason = "the loader takes no other map; it is read by name only"
)]
fn words(language: Language, id: &str, args: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
    if args.is_empty() {
        return WORDS.try_lookup(&language.id(), id);
    }
    let args: std::collections::HashMap<Cow<'static, str>, FluentValue<'_>> =
        args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
    WORDS.try_lookup_with_args(&language.id(), id, &args)
}

/// No invisible direction marks around arguments (a terminal and a test would see them), and the
/// decimal sign of the language.
fn prepare(bundle: &mut FluentBundle<&'static FluentResource>) {
    bundle.set_use_isolating(false);
    if bundle.locales.iter().any(|locale| locale.language.as_str() == "pt") {
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(with_comma(number)),
            _ => None,
        }));
    }
}

fn with_comma(number: &FluentNumber) -> String {
    number.as_string().replace('.', ",")
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
        assert_eq!(with_comma(&2.5.into()), "2,5");
    }

    #[test]
    fn an_unknown_id_comes_back() {
        assert_eq!(tr(Language::En, "no-such-words"), "no-such-words");
    }
}
