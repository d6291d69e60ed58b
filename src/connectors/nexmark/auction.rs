//! Somebody sells something.

use super::columns::{Columns, EventField, FieldKind};
use super::events::Event;
use super::random::Random;
use super::settings::{IN_FLIGHT_AUCTIONS, Settings};
use super::{HOT, person};

/// The number of the first auction.
pub(super) const FIRST_ID: u64 = 1000;

/// How many auctions are bid for before they begin.
const LEAD: u64 = 10;

/// The number of the first category, and how many there are.
const FIRST_CATEGORY: u64 = 10;
const CATEGORIES: u64 = 5;

const ID: usize = 0;
const ITEM_NAME: usize = 1;
const DESCRIPTION: usize = 2;
const INITIAL_BID: usize = 3;
const RESERVE: usize = 4;
const DATE_TIME: usize = 5;
const EXPIRES: usize = 6;
const SELLER: usize = 7;
const CATEGORY: usize = 8;
const EXTRA: usize = 9;

/// The fields, in the order in which chance is drawn for them.
pub(super) const FIELDS: &[EventField] = &[
    EventField { name: "id", kind: FieldKind::Number },
    EventField { name: "itemName", kind: FieldKind::Text },
    EventField { name: "description", kind: FieldKind::Text },
    EventField { name: "initialBid", kind: FieldKind::Number },
    EventField { name: "reserve", kind: FieldKind::Number },
    EventField { name: "dateTime", kind: FieldKind::Moment },
    EventField { name: "expires", kind: FieldKind::Moment },
    EventField { name: "seller", kind: FieldKind::Number },
    EventField { name: "category", kind: FieldKind::Number },
    EventField { name: "extra", kind: FieldKind::Text },
];

/// An auction that is open, or will be soon, from 0.
pub(super) fn open(event: Event, random: &mut Random) -> u64 {
    let last = event.last_auction;
    let first = last.saturating_sub(IN_FLIGHT_AUCTIONS);
    first + random.below(last - first + 1 + LEAD)
}

/// Fills the row of an auction. Chance is drawn in the order of the fields, up to the last one wanted.
pub(super) fn fill(columns: &mut Columns, event: Event, settings: &Settings, last: Option<usize>) {
    let row = event.row;
    columns.number(ID, row, (event.last_auction + FIRST_ID) as i64);
    columns.number(DATE_TIME, row, settings.moment(event.number));
    if last <= Some(ID) {
        return;
    }
    let random = &mut Random::seeded(event.number);
    let mut size = 8 + columns.text(ITEM_NAME, row, |text| random.letters(20, text));
    size += columns.text(DESCRIPTION, row, |text| random.letters(100, text));
    let initial = random.price();
    columns.number(INITIAL_BID, row, initial as i64);
    columns.number(RESERVE, row, (initial + random.price()) as i64);
    columns.number(EXPIRES, row, expires(event, settings, random));
    columns.number(SELLER, row, (seller(event, settings, random) + person::FIRST_ID) as i64);
    columns.number(CATEGORY, row, (FIRST_CATEGORY + random.below(CATEGORIES)) as i64);
    if last == Some(EXTRA) {
        // Five numbers and moments of eight bytes each.
        size += 5 * 8;
        columns.text(EXTRA, row, |text| random.filler(size, settings.auction_size, text));
    }
}

/// About when as many auctions as are open at a time have begun.
fn expires(event: Event, settings: &Settings, random: &mut Random) -> i64 {
    let number = event.number;
    let horizon = settings.after(number + settings.events_of_auctions()) - settings.after(number);
    let most = (2 * horizon).max(1).unsigned_abs();
    settings.moment(number) + 1 + random.below(most) as i64
}

fn seller(event: Event, settings: &Settings, random: &mut Random) -> u64 {
    match random.below(settings.hot_sellers) {
        0 => person::active(event, random),
        _ => event.last_person / HOT * HOT,
    }
}
