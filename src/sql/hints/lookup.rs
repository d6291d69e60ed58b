//! `LOOKUP('table' = 'd', ..)`: how a join asks a table. Checked as Flink's `FlinkHintStrategies` does,
//! which takes keys that it does not know.

use sqlparser::tokenizer::Location;

use super::{Hint, comments_after, each};
use crate::base::{Error, Result};
use crate::connectors::options::{Options, duration};
use crate::sql::bound::{LookupHint, LookupRetry};
use crate::sql::statement::{OptionList, Source};
use crate::sql::tokens;

const TABLE: &str = "table";
const ASYNC: &str = "async";
const OUTPUT_MODE: &str = "output-mode";
const CAPACITY: &str = "capacity";
const TIMEOUT: &str = "timeout";
const PREDICATE: &str = "retry-predicate";
const STRATEGY: &str = "retry-strategy";
const DELAY: &str = "fixed-delay";
const ATTEMPTS: &str = "max-attempts";

/// The only predicate that there is: nothing was found.
const LOOKUP_MISS: &str = "lookup_miss";
/// The only strategy that there is.
const FIXED_DELAY: &str = "FIXED_DELAY";
const OUTPUT_MODES: [&str; 2] = ["ORDERED", "ALLOW_UNORDERED"];

/// The LOOKUP hints behind a SELECT, a word that ends at `after`.
///
/// # Errors
/// `hint-lookup-list`, `hint-lookup-table`, `hint-lookup-retry`, `option-value`.
pub(in crate::sql) fn lookups_after(source: &Source, after: Location) -> Result<Vec<LookupHint>> {
    let lists = comments_after(source, after).map(lookups);
    Ok(lists.collect::<Result<Vec<_>>>()?.concat())
}

fn lookups(comment: &tokens::Hint) -> Result<Vec<LookupHint>> {
    let hints = each(comment).into_iter().filter(|hint| hint.name == "LOOKUP");
    let read = |hint: Hint| {
        let place = hint.place;
        let options = hint.options().ok_or_else(|| Error::new("hint-lookup-list").at(place))?;
        let hint = checked(options).map_err(|error| error.at(place))?;
        Ok(LookupHint { place, ..hint })
    };
    hints.map(read).collect()
}

fn checked(given: OptionList) -> Result<LookupHint> {
    let options: Options = given.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let table = options.get(TABLE).ok_or_else(|| Error::new("hint-lookup-table"))?.to_owned();
    let is_async = options.flag(ASYNC)?;
    one_of(&options, OUTPUT_MODE, &OUTPUT_MODES)?;
    one_of(&options, STRATEGY, &[FIXED_DELAY])?;
    options.duration(TIMEOUT)?;
    options.duration(DELAY)?;
    let capacity = positive(&options, CAPACITY);
    if is_async || options.integer(CAPACITY).is_err() {
        capacity?;
    }
    let retry = [PREDICATE, STRATEGY, DELAY, ATTEMPTS].map(|key| options.get(key));
    let retry = match retry {
        [None, None, None, None] => None,
        [Some(predicate), Some(_), Some(delay), Some(_)] => {
            one_of(&options, PREDICATE, &[LOOKUP_MISS])?;
            let delay = duration(delay).ok_or_else(|| wrong(DELAY, delay, "duration"))?;
            let attempts = positive(&options, ATTEMPTS)?.unwrap_or(1);
            Some(LookupRetry { predicate: predicate.into(), delay, attempts })
        }
        _ => return Err(Error::new("hint-lookup-retry")),
    };
    Ok(LookupHint { table, retry, given, place: None })
}

fn one_of(options: &Options, key: &str, words: &[&str]) -> Result<()> {
    match options.get(key) {
        Some(value) if !words.iter().any(|w| w.eq_ignore_ascii_case(value)) => {
            Err(wrong(key, value, &words.join(", ")))
        }
        _ => Ok(()),
    }
}

fn positive(options: &Options, key: &str) -> Result<Option<u32>> {
    let Some(text) = options.get(key) else { return Ok(None) };
    let number = text.trim().parse().ok().filter(|n: &i32| *n > 0).map(i32::cast_unsigned);
    number.map(Some).ok_or_else(|| wrong(key, text, "1, 2, 3, .."))
}

fn wrong(key: &str, value: &str, expected: &str) -> Error {
    Error::new("option-value").arg("name", key).arg("value", value).arg("expected", expected)
}

#[cfg(test)]
mod tests {
    use super::{Location, lookups, tokens};
    use crate::sql::place::START;

    /// What is read of a comment: tables and how they are asked again, or what is wrong.
    fn read(text: &str) -> String {
        let after = Location { line: 1, column: 1 };
        match lookups(&tokens::Hint { after, text: text.to_owned(), at: START }) {
            Err(error) => error.to_string(),
            Ok(hints) => {
                let hints = hints.iter().map(|hint| match &hint.retry {
                    None => hint.table.clone(),
                    Some(r) => {
                        format!("{} {} {}us {}", hint.table, r.predicate, r.delay.0, r.attempts)
                    }
                });
                hints.collect::<Vec<_>>().join(", ")
            }
        }
    }

    #[test]
    fn hints_are_checked_option_by_option() {
        let retry =
            |rest: &str| format!("LOOKUP('table'='d', 'retry-predicate'='lookup_miss', {rest})");
        let cases = [
            (
                "BROADCAST(a), LOOKUP('table' = 'd'), lookup('table'='e', 'other'='1')".into(),
                "d, e",
            ),
            (
                retry("'retry-strategy'='fixed_delay', 'fixed-delay'='10 s', 'max-attempts'='3'"),
                "d lookup_miss 10000000us 3",
            ),
            (retry("'fixed-delay'='10 s'"), "hint-lookup-retry at 1:1-1:75"),
            ("BROADCAST(a), LOOKUP(d)".into(), "hint-lookup-list at 1:15-1:24"),
            ("LOOKUP".into(), "hint-lookup-table at 1:1-1:7"),
            ("LOOKUP('async' = 'true')".into(), "hint-lookup-table at 1:1-1:25"),
            (
                "LOOKUP('table'='d', 'async'='true', 'capacity'='0')".into(),
                r#"option-value name="capacity" value="0" expected="1, 2, 3, .." at 1:1-1:52"#,
            ),
            ("LOOKUP('table'='d', 'async'='false', 'capacity'='0')".into(), "d"),
            (
                "LOOKUP('table'='d', 'output-mode'='sorted')".into(),
                r#"option-value name="output-mode" value="sorted" expected="ORDERED, ALLOW_UNORDERED" at 1:1-1:44"#,
            ),
            ("LOOKUP('table'='d', 'output-mode'='allow_unordered')".into(), "d"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(&text), expected, "{text}");
        }
    }
}
