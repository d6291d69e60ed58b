//! Nearest names: what somebody who wrote one name most likely meant.

use super::words;

/// How far apart two names may be and still be taken for one another: a third of their letters. A name
/// of one letter is only ever meant itself, in the other case.
fn close_enough(name: &str, distance: usize) -> bool {
    match name.chars().count() {
        0 | 1 => distance == 0,
        letters => distance <= letters.div_ceil(3),
    }
}

/// What errors say in the place of a nearest name if none is near: the words ask for it.
pub const NONE: &str = "none";

/// The existing name that is nearest to `name`; one that differs only in case comes first. [`NONE`] if
/// none is near.
pub fn nearest<'a>(name: &str, among: impl IntoIterator<Item = &'a str>) -> String {
    let lower = name.to_lowercase();
    among
        .into_iter()
        .map(|candidate| {
            (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, _)| close_enough(name, *distance))
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(b.1)))
        .map_or(NONE, |(_, candidate)| candidate)
        .to_owned()
}

/// The nearest of some words of the language, however far: lists of them are short.
pub fn nearest_keyword<'a>(word: &str, among: &[&'a str]) -> &'a str {
    let upper = word.to_uppercase();
    let score = |w: &str| (strsim::jaro_winkler(&upper, w) * 1000.0) as u64;
    among.iter().copied().max_by_key(|w| score(w)).unwrap_or_default()
}

/// The word that begins a clause and that a name between two others was most likely meant to be.
pub fn nearest_of_clauses(word: &str) -> String {
    let clauses = ["FROM", "WHERE", "GROUP", "ORDER", "HAVING", "JOIN", "UNION", "LIMIT", "VALUES"];
    let upper = word.to_uppercase();
    let meant = clauses.iter().find(|c| strsim::damerau_levenshtein(&upper, c) == 1);
    meant.copied().unwrap_or(NONE).to_owned()
}

/// The word of the language that a misspelled one most likely is; [`NONE`] if none is near.
pub fn nearest_of_language(word: &str) -> String {
    let all = words::RESERVED.iter().chain(words::UNRESERVED).copied();
    nearest(word, all.filter(|w| w.len() > 2))
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_of_clauses, nearest_of_language};

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(nearest("id", ["Id", "name"]), "Id");
        assert_eq!(nearest("naem", ["id", "name"]), "name");
        assert_eq!(nearest("salary", ["id", "name"]), "none");
        assert_eq!(nearest("y", ["x", "Y"]), "Y");
        assert_eq!(nearest("y", ["x"]), "none");
        assert_eq!(nearest_of_clauses("FORM"), "FROM");
        assert_eq!(nearest_of_clauses("name"), "none");
        assert_eq!(nearest_of_language("SELEC"), "SELECT");
    }
}
