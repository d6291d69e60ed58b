//! Numbers, moments, choices and patterns.

use rand::RngExt;
use rand::distr::Distribution;

use super::provider::{At, Maker, Provider};
use super::words::Locale;
use crate::base::SeededRandom;
use crate::connectors::format::text;
use crate::connectors::options::duration;
use crate::data::print::temporal;

/// What this file makes.
pub(super) const PROVIDERS: &[Provider] = &[
    Provider { name: "Bool.bool", arguments: "", maker: coin },
    Provider { name: "Bothify", arguments: "'??-###'", maker: pattern },
    Provider { name: "Commerce.price", arguments: "['min','max']", maker: price },
    Provider { name: "Date.between", arguments: "'from','to'", maker: between },
    Provider { name: "Date.birthday", arguments: "['min age','max age']", maker: birthday },
    Provider { name: "Date.future", arguments: "'most'[,'least'],'unit'", maker: future },
    Provider { name: "Date.past", arguments: "'most'[,'least'],'unit'", maker: past },
    Provider { name: "Letterify", arguments: "'??'", maker: pattern },
    Provider { name: "Number.digits", arguments: "'count'", maker: digits },
    Provider { name: "Number.numberBetween", arguments: "'least','below'", maker: number_between },
    Provider { name: "Number.randomDigit", arguments: "", maker: |a, _| number(a, 0, 9) },
    Provider { name: "Number.randomDigitNotZero", arguments: "", maker: |a, _| number(a, 1, 9) },
    Provider { name: "Number.randomDouble", arguments: "'decimals','min','max'", maker: double },
    Provider {
        name: "Number.randomNumber",
        arguments: "",
        maker: |a, _| number(a, 0, 999_999_999),
    },
    Provider { name: "Number.sequence", arguments: "['first']", maker: sequence },
    Provider { name: "Numerify", arguments: "'###'", maker: pattern },
    Provider { name: "Options.option", arguments: "'one','other',..", maker: option },
    Provider { name: "Regexify", arguments: "'pattern'", maker: regex },
];

/// A maker that does not look at the clock.
fn timeless(make: impl Fn(&mut SeededRandom) -> String + Send + Sync + 'static) -> Option<Maker> {
    Some(Box::new(move |random, _| make(random)))
}

fn number(arguments: &[&str], least: i64, most: i64) -> Option<Maker> {
    let whole =
        move |random: &mut SeededRandom| random.rng().random_range(least..=most).to_string();
    if arguments.is_empty() { timeless(whole) } else { None }
}

fn number_between(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let [least, below] = arguments else { return None };
    let (least, below): (i64, i64) = (least.trim().parse().ok()?, below.trim().parse().ok()?);
    // As in its model, equal bounds give the bound.
    number(&[], least, if below > least { below - 1 } else { below.max(least) })
        .filter(|_| below >= least)
}

/// The number of the row: not of chance, and the only thing here that its model does not have.
fn sequence(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let first: i64 = match arguments {
        [] => 1,
        [first] => first.trim().parse().ok()?,
        _ => return None,
    };
    Some(Box::new(move |_, at| first.saturating_add_unsigned(at.row).to_string()))
}

fn digits(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let [count] = arguments else { return None };
    let count: usize = count.trim().parse().ok().filter(|c| (1..=1_000).contains(c))?;
    timeless(move |random| fill(random, &"#".repeat(count)))
}

fn double(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let [decimals, min, max] = arguments else { return None };
    decimal(decimals.trim().parse().ok().filter(|d| *d <= 15)?, min, max)
}

fn price(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    match arguments {
        [] => decimal(2, "1", "1000"),
        [min, max] => decimal(2, min, max),
        _ => None,
    }
}

fn decimal(decimals: usize, min: &str, max: &str) -> Option<Maker> {
    let (min, max): (f64, f64) = (min.trim().parse().ok()?, max.trim().parse().ok()?);
    let good = min.is_finite() && max.is_finite() && min <= max;
    let make = move |random: &mut SeededRandom| {
        format!("{:.decimals$}", random.rng().random_range(min..=max))
    };
    if good { timeless(make) } else { None }
}

fn coin(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    if !arguments.is_empty() {
        return None;
    }
    timeless(|random| random.rng().random::<bool>().to_string())
}

fn option(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let words: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    if words.is_empty() {
        return None;
    }
    timeless(move |random| words[random.below(words.len())].clone())
}

/// `#` is a digit, `?` a letter; the rest stands for itself.
fn pattern(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let [pattern] = arguments else { return None };
    let pattern = (*pattern).to_owned();
    timeless(move |random| fill(random, &pattern))
}

fn fill(random: &mut SeededRandom, pattern: &str) -> String {
    let one = |from: u8, count: usize, random: &mut SeededRandom| {
        char::from(from + u8::try_from(random.below(count)).unwrap_or_default())
    };
    let letter = |c| match c {
        '#' => one(b'0', 10, random),
        '?' => one(b'a', 26, random),
        c => c,
    };
    pattern.chars().map(letter).collect()
}

/// Repetitions without an end have at most so many.
const MOST_REPEATS: u32 = 20;

fn regex(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let [pattern] = arguments else { return None };
    // Java's classes are of ASCII.
    let pattern =
        pattern.replace(r"\d", "[0-9]").replace(r"\w", "[0-9A-Za-z_]").replace(r"\s", " ");
    let regex = rand_regex::Regex::compile(&pattern, MOST_REPEATS).ok()?;
    timeless(move |random| Distribution::<String>::sample(&regex, random.rng()))
}

/// Milliseconds: a moment within them from now on, or back.
fn away(arguments: &[&str], sign: i64) -> Option<Maker> {
    let (most, least, unit) = match arguments {
        [most, unit] => (*most, "0", *unit),
        [most, least, unit] => (*most, *least, *unit),
        _ => return None,
    };
    let millis = |count: &str| duration(&format!("{} {unit}", count.trim())).map(|d| d.0 / 1_000);
    let (most, least) = (millis(most)?, millis(least)?);
    let make = move |random: &mut SeededRandom, at: At| {
        moment(at.now.millis() + sign * random.rng().random_range(least..=most))
    };
    (least <= most).then(|| -> Maker { Box::new(make) })
}

fn past(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    away(arguments, -1)
}

fn future(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    away(arguments, 1)
}

/// A day so many years ago.
fn birthday(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let (youngest, oldest): (i64, i64) = match arguments {
        [] => (18, 65),
        [youngest, oldest] => (youngest.trim().parse().ok()?, oldest.trim().parse().ok()?),
        _ => return None,
    };
    if !(0..=oldest).contains(&youngest) || oldest > 1_000 {
        return None;
    }
    Some(Box::new(move |random, at| {
        let days = random.rng().random_range(youngest * 36_525 / 100..=oldest * 36_525 / 100);
        moment((at.now.millis().div_euclid(DAY) - days) * DAY)
    }))
}

const DAY: i64 = 86_400_000;

fn between(arguments: &[&str], _locale: Locale) -> Option<Maker> {
    let [from, to] = arguments else { return None };
    let millis = |t: &str| {
        let padded = if t.trim().len() <= 10 { format!("{} 00:00:00", t.trim()) } else { t.into() };
        (text::CSV.timestamp)(&padded).map(|(millis, _)| millis)
    };
    let (from, to) = (millis(from)?, millis(to)?);
    let make = move |random: &mut SeededRandom| moment(random.rng().random_range(from..=to));
    if from <= to { timeless(make) } else { None }
}

/// `yyyy-MM-dd HH:mm:ss.SSS`
fn moment(millis: i64) -> String {
    temporal::timestamp(millis, 0, 3)
}
