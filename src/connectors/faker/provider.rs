//! What expressions can ask for, by name. Case and underscores do not matter: `Name.fullName` is
//! `name.full_name`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::expression::Call;
use super::words::Locale;
use super::{chance, person};
use crate::base::{Error, LabTime, Result, SeededRandom};
use crate::connectors::options::nearest;

/// Where and when a text is made.
#[derive(Clone, Copy)]
pub(super) struct At {
    /// The moment on the lab clock.
    pub(super) now: LabTime,
    /// The position of the row in the whole source.
    pub(super) row: u64,
}

/// Makes one text after the other.
pub(super) type Maker = Box<dyn Fn(&mut SeededRandom, At) -> String + Send + Sync>;

/// Something to ask for.
pub(super) struct Provider {
    /// Its name as one writes it.
    pub(super) name: &'static str,
    /// What its arguments are, for the error when they are others.
    pub(super) arguments: &'static str,
    /// The maker for these arguments; `None` if they do not fit.
    pub(super) maker: fn(&[&str], Locale) -> Option<Maker>,
}

/// By name, as [`plain`] has it; a list of words has no provider of its own.
static ALL: LazyLock<BTreeMap<String, (&'static str, Option<&'static Provider>)>> =
    LazyLock::new(|| {
        let lists = Locale::English.lists().keys().map(|name| (name.as_str(), None));
        let made = person::PROVIDERS.iter().chain(chance::PROVIDERS);
        lists.chain(made.map(|p| (p.name, Some(p)))).map(|(n, p)| (plain(n), (n, p))).collect()
    });

fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// The maker behind what an expression asks for.
///
/// Errors: `faker-name` with the nearest, `faker-arguments`.
pub(super) fn maker(key: &str, call: &Call<'_>, locale: Locale) -> Result<Maker> {
    let asked = plain(call.name);
    let Some((name, provider)) = ALL.get(&asked) else { return Err(unknown(key, call.name)) };
    let (arguments, maker) = match provider {
        Some(provider) => (provider.arguments, (provider.maker)(&call.arguments, locale)),
        None => ("", word(name, &call.arguments, locale)),
    };
    maker.ok_or_else(|| {
        let expected = format!("{name} {arguments}");
        let error = Error::new("faker-arguments").arg("name", key).arg("expected", expected.trim());
        error.arg("found", call.arguments.join(", "))
    })
}

/// A word of a list.
fn word(list: &str, arguments: &[&str], locale: Locale) -> Option<Maker> {
    let words =
        locale.lists().get(list).filter(|words| !words.is_empty() && arguments.is_empty())?;
    Some(Box::new(|random, _| words[random.below(words.len())].clone()))
}

fn unknown(key: &str, asked: &str) -> Error {
    let name = plain(asked);
    let group = name.split('.').next().unwrap_or_default();
    let similar = nearest(&name, ALL.keys().map(String::as_str));
    let nearest = ALL.get(similar).map_or("none", |(name, _)| name);
    let own = |plain: &str| plain.split('.').next() == Some(group);
    let has_group = ALL.keys().any(|name| own(name));
    let available = ALL.iter().filter(|(plain, _)| !has_group || own(plain));
    Error::new("faker-name")
        .arg("name", key)
        .arg("expression", asked)
        .arg("nearest", nearest)
        .arg("available", available.map(|(_, (name, _))| *name).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_there_twice() {
        let lists = Locale::English.lists().len();
        assert_eq!(ALL.len(), lists + person::PROVIDERS.len() + chance::PROVIDERS.len());
    }

    #[test]
    fn everything_without_arguments_says_something_in_both_languages() {
        let all = person::PROVIDERS.iter().chain(chance::PROVIDERS);
        for provider in all.filter(|p| p.arguments.is_empty() || p.arguments.starts_with('[')) {
            for locale in [Locale::English, Locale::Portuguese] {
                let maker = (provider.maker)(&[], locale).unwrap();
                let mut random = SeededRandom::new(7);
                let mut text = || maker(&mut random, At { now: LabTime(0), row: 3 });
                let texts: Vec<String> = (0..20).map(|_| text()).collect();
                let said = |text: &String| !text.trim().is_empty() && !text.contains(['{', '}']);
                assert!(texts.iter().all(said), "{}: {texts:?}", provider.name);
            }
        }
    }
}
