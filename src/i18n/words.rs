//! The translation files, embedded, and how a message is looked up in them.

#![allow(
    clippy::disallowed_types,
    reason = "the loader takes no other map; it is read by name only"
)]
#![allow(clippy::redundant_closure, reason = "the loader's macro takes a closure")]

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::{FluentResource, FluentValue, types::FluentNumber};
use fluent_templates::{FluentBundle, LanguageIdentifier, Loader, langid};

use super::Language;

fluent_templates::static_loader! {
    static WORDS = {
        locales: "./assets/i18n",
        fallback_language: "en",
        customise: |bundle| prepare(bundle),
    };
}

/// The words of a message; `None` if it has none.
pub(super) fn words(
    language: Language,
    id: &str,
    args: &[(&'static str, FluentValue<'_>)],
) -> Option<String> {
    let language = identifier(language);
    if args.is_empty() {
        return WORDS.try_lookup(&language, id);
    }
    let args: HashMap<Cow<'static, str>, FluentValue<'_>> =
        args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
    WORDS.try_lookup_with_args(&language, id, &args)
}

fn identifier(language: Language) -> LanguageIdentifier {
    match language {
        Language::PtBr => langid!("pt-BR"),
        Language::En => langid!("en"),
    }
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
    fn numbers_in_words_have_the_decimal_sign_of_the_language() {
        assert_eq!(with_comma(&2.5.into()), "2,5");
    }
}
