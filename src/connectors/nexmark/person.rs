//! Somebody registers.

use std::io::Write;

use super::columns::{Columns, EventField, FieldKind};
use super::events::Event;
use super::random::Random;
use super::settings::Settings;

/// The number of the first person.
pub(super) const FIRST_ID: u64 = 1000;

/// How many of the last persons are active: only they sell and bid.
const ACTIVE: u64 = 1000;

/// How many persons are named before they register.
const LEAD: u64 = 10;

const ID: usize = 0;
const NAME: usize = 1;
const EMAIL: usize = 2;
const CREDIT_CARD: usize = 3;
const CITY: usize = 4;
const STATE: usize = 5;
const DATE_TIME: usize = 6;
const EXTRA: usize = 7;

/// The fields, in the order in which chance is drawn for them.
pub(super) const FIELDS: &[EventField] = &[
    EventField { name: "id", kind: FieldKind::Number },
    EventField { name: "name", kind: FieldKind::Text },
    EventField { name: "emailAddress", kind: FieldKind::Text },
    EventField { name: "creditCard", kind: FieldKind::Text },
    EventField { name: "city", kind: FieldKind::Text },
    EventField { name: "state", kind: FieldKind::Text },
    EventField { name: "dateTime", kind: FieldKind::Moment },
    EventField { name: "extra", kind: FieldKind::Text },
];

const FIRST_NAMES: [&str; 11] = [
    "peter", "paul", "luke", "john", "saul", "vicky", "kate", "julie", "sarah", "deiter", "walter",
];
const LAST_NAMES: [&str; 9] =
    ["shultz", "abrams", "spencer", "white", "bartels", "walton", "smith", "jones", "noris"];
const CITIES: [&str; 10] = [
    "phoenix",
    "los angeles",
    "san francisco",
    "boise",
    "portland",
    "bend",
    "redmond",
    "seattle",
    "kent",
    "cheyenne",
];
const STATES: [&str; 6] = ["az", "ca", "id", "or", "wa", "wy"];

/// Somebody who is active, from 0.
pub(super) fn active(event: Event, random: &mut Random) -> u64 {
    let persons = event.last_person + 1;
    let active = persons.min(ACTIVE);
    persons - active + random.below(active + LEAD)
}

/// Fills the row of a person. Chance is drawn in the order of the fields, up to the last one wanted.
pub(super) fn fill(columns: &mut Columns, event: Event, settings: &Settings, last: Option<usize>) {
    let row = event.row;
    columns.number(ID, row, (event.last_person + FIRST_ID) as i64);
    columns.number(DATE_TIME, row, settings.moment(event.number));
    if last <= Some(ID) {
        return;
    }
    let random = &mut Random::seeded(event.number);
    let mut size = 8 + columns.text(NAME, row, |text| name(random, text));
    size += columns.text(EMAIL, row, |text| email(random, text));
    size += columns.text(CREDIT_CARD, row, |text| credit_card(random, text));
    size += columns.text(CITY, row, |text| text.extend(random.choose(&CITIES).as_bytes()));
    size += columns.text(STATE, row, |text| text.extend(random.choose(&STATES).as_bytes()));
    if last == Some(EXTRA) {
        columns.text(EXTRA, row, |text| random.filler(size, settings.person_size, text));
    }
}

fn name(random: &mut Random, text: &mut Vec<u8>) {
    text.extend(random.choose(&FIRST_NAMES).as_bytes());
    text.push(b' ');
    text.extend(random.choose(&LAST_NAMES).as_bytes());
}

fn email(random: &mut Random, text: &mut Vec<u8>) {
    random.letters(7, text);
    text.push(b'@');
    random.letters(5, text);
    text.extend(b".com");
}

/// Four groups of four digits.
fn credit_card(random: &mut Random, text: &mut Vec<u8>) {
    for group in 0..4 {
        if group > 0 {
            text.push(b' ');
        }
        // Writing to memory does not fail.
        let _ = write!(text, "{:04}", random.index(10_000));
    }
}
