//! Lists of words in each language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Lists by the name that expressions ask with.
pub(super) type Lists = BTreeMap<String, Vec<String>>;

/// The language of what is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Locale {
    /// `en`
    English,
    /// `pt-BR`
    Portuguese,
}

static ENGLISH: LazyLock<Lists> =
    LazyLock::new(|| lists(include_str!("../../../assets/faker/en.toml")));
static PORTUGUESE: LazyLock<Lists> =
    LazyLock::new(|| lists(include_str!("../../../assets/faker/pt-BR.toml")));

/// The files come with the program, and a test reads them.
fn lists(text: &str) -> Lists {
    toml::from_str(text).unwrap_or_default()
}

impl Locale {
    /// As options name them.
    pub(super) const NAMES: &[&str] = &["en", "pt-BR"];

    /// The language of an option; English if it says nothing.
    pub(super) fn of(name: Option<&str>) -> Self {
        if name == Some("pt-BR") { Self::Portuguese } else { Self::English }
    }

    /// Its lists of words.
    pub(super) fn lists(self) -> &'static Lists {
        match self {
            Self::English => &ENGLISH,
            Self::Portuguese => &PORTUGUESE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_lists() {
        let names = |locale: Locale| locale.lists().keys().collect::<Vec<_>>();
        assert!(names(Locale::English).len() > 10);
        assert_eq!(names(Locale::English), names(Locale::Portuguese));
        let all = Locale::English.lists().values().chain(Locale::Portuguese.lists().values());
        assert!(all.into_iter().all(|words| words.len() >= 5));
    }
}
