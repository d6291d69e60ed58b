//! The words and the code fit: both languages have the same messages with the same arguments, every
//! error code has words, every message is used, and every message that code asks for exists.
//!
//! It reads sources and translation files as text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Message ids that code puts together: `format!("lesson-{..}")`.
const COMPOSED: &[&str] = &["cli-option-"];

type Messages = BTreeMap<String, BTreeSet<String>>;

#[test]
fn both_languages_say_the_same() {
    let (portuguese, english) = (messages("pt-BR"), messages("en"));
    let ids = |all: &Messages| all.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(
        ids(&portuguese).symmetric_difference(&ids(&english)).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "messages of one language only"
    );
    for (id, arguments) in &portuguese {
        assert_eq!(arguments, &english[id], "arguments of {id}");
    }
}

#[test]
fn no_message_has_two_homes() {
    for language in ["pt-BR", "en"] {
        let mut seen = BTreeSet::new();
        let ids = translation_files(language).into_iter().flat_map(|file| ids_of(&file));
        let twice: Vec<_> = ids.filter(|id| !seen.insert(id.clone())).collect();
        assert!(twice.is_empty(), "{language}: {twice:?}");
    }
}

#[test]
fn every_error_code_has_words_and_every_word_a_code() {
    let raised: BTreeSet<String> = raised().into_keys().collect();
    let words = messages("en");
    let words = words.keys().filter_map(|id| id.strip_prefix("error-")).map(str::to_owned);
    let words: BTreeSet<String> = words.filter(|code| code != "place" && code != "cause").collect();
    let silent: Vec<_> = raised.difference(&words).collect();
    // Some codes reach `Error::new` through a function that several of them share.
    let code = sources().join("\n");
    let unused: Vec<_> = words.iter().filter(|c| !code.contains(&format!("\"{c}\""))).collect();
    assert!(silent.is_empty(), "codes without words: {silent:#?}");
    assert!(unused.is_empty(), "words without a code: {unused:#?}");
}

#[test]
fn an_error_gives_what_its_words_ask_for() {
    let words = messages("en");
    let mut missing = Vec::new();
    for (code, given) in raised() {
        let asked = words.get(&format!("error-{code}"));
        let lacks = asked.into_iter().flatten().filter(|name| !given.contains(*name));
        missing.extend(lacks.map(|name| format!("{code}: {name}")));
    }
    assert!(missing.is_empty(), "arguments that no place in the code gives: {missing:#?}");
}

#[test]
fn every_message_is_used() {
    let code = sources().join("\n");
    let used = |id: &str| {
        code.contains(&format!("\"{id}\"")) || COMPOSED.iter().any(|prefix| id.starts_with(prefix))
    };
    let unused: Vec<_> =
        messages("en").into_keys().filter(|id| !id.starts_with("error-") && !used(id)).collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn every_message_that_code_asks_for_exists() {
    let words = messages("en");
    let mut missing = BTreeSet::new();
    for source in sources() {
        for call in ["tr(", "tr_args("] {
            let named =
                |at: usize| source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            for (at, _) in source.match_indices(call).filter(|(at, _)| !named(*at)) {
                let id = literal_argument(&source[at + call.len()..]);
                missing.extend(id.filter(|id| !words.contains_key(id)));
            }
        }
    }
    missing.remove("no-such-words");
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The second argument of `tr(language, "id"`, if it is a literal.
fn literal_argument(call: &str) -> Option<String> {
    let (_, rest) = call.split_once(',')?;
    let id = rest.trim_start().strip_prefix('"')?.split('"').next()?;
    (!id.contains('{')).then(|| id.to_owned())
}

/// All codes that are raised, with the arguments that any of the places gives.
fn raised() -> BTreeMap<String, BTreeSet<String>> {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let mut code_here = BTreeSet::new();
        for code in literals(&source, "Error::new(") {
            code_here.insert(code);
        }
        let arguments: BTreeSet<String> = literals(&source, ".arg(").collect();
        for code in code_here {
            codes.entry(code).or_default().extend(arguments.iter().cloned());
        }
    }
    codes
}

/// The string literals that follow `call`, over line breaks.
fn literals<'a>(source: &'a str, call: &'a str) -> impl Iterator<Item = String> + 'a {
    source.match_indices(call).filter_map(move |(at, _)| {
        let rest = source[at + call.len()..].trim_start().strip_prefix('"')?;
        Some(rest.split('"').next()?.to_owned())
    })
}

/// The program's sources, each without its tests and without comments on lines of their own.
fn sources() -> Vec<String> {
    let mut files = Vec::new();
    collect(&root().join("src"), "rs", &mut files);
    files.retain(|path| path.file_name().is_none_or(|name| name != "tests.rs"));
    let text = |path: &PathBuf| fs::read_to_string(path).unwrap();
    let code = |text: String| match text.find("#[cfg(test)]\nmod tests {") {
        Some(at) => text[..at].to_owned(),
        None => text,
    };
    let comment = |line: &&str| line.trim_start().starts_with("//");
    let bare = |text: String| text.lines().filter(|l| !comment(l)).collect::<Vec<_>>().join("\n");
    files.iter().map(text).map(code).map(bare).collect()
}

/// All messages of a language with the arguments that they name.
fn messages(language: &str) -> Messages {
    let mut all = Messages::new();
    for file in translation_files(language) {
        let mut current = None;
        for line in fs::read_to_string(&file).unwrap().lines() {
            if let Some(id) = message_id(line) {
                current = Some(id.clone());
                all.entry(id).or_default();
            }
            let arguments = current.as_ref().and_then(|id| all.get_mut(id));
            if let (Some(arguments), false) = (arguments, line.starts_with('#')) {
                arguments.extend(arguments_of(line));
            }
        }
    }
    all
}

fn ids_of(file: &Path) -> Vec<String> {
    fs::read_to_string(file).unwrap().lines().filter_map(message_id).collect()
}

fn message_id(line: &str) -> Option<String> {
    let (id, _) = line.split_once('=')?;
    let named = id.starts_with(|c: char| c.is_ascii_lowercase());
    named.then(|| id.trim().to_owned())
}

/// The names behind `$` in placeables, outside of string literals.
fn arguments_of(line: &str) -> BTreeSet<String> {
    let outside: String = line.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let names = outside.split('$').skip(1).map(|rest| {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
    });
    names.filter(|name: &String| !name.is_empty()).collect()
}

fn translation_files(language: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&root().join("assets/i18n").join(language), "ftl", &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, extension, files);
        } else if path.extension().is_some_and(|e| e == extension) {
            files.push(path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
