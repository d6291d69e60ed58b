//! Somebody bids.

use super::channels::Channels;
use super::columns::{Columns, EventField, FieldKind};
use super::events::Event;
use super::random::Random;
use super::settings::Settings;
use super::{HOT, auction, person};

const AUCTION: usize = 0;
const BIDDER: usize = 1;
const PRICE: usize = 2;
pub(super) const CHANNEL: usize = 3;
const URL: usize = 4;
const DATE_TIME: usize = 5;
const EXTRA: usize = 6;

/// The fields, in the order in which chance is drawn for them.
pub(super) const FIELDS: &[EventField] = &[
    EventField { name: "auction", kind: FieldKind::Number },
    EventField { name: "bidder", kind: FieldKind::Number },
    EventField { name: "price", kind: FieldKind::Number },
    EventField { name: "channel", kind: FieldKind::Text },
    EventField { name: "url", kind: FieldKind::Text },
    EventField { name: "dateTime", kind: FieldKind::Moment },
    EventField { name: "extra", kind: FieldKind::Text },
];

/// The size of the numbers of a bid, which its filler makes up to the size wished for.
const NUMBERS: u64 = 4 * 8;

/// Fills the row of a bid. Chance is drawn in the order of the fields, up to the last one wanted.
pub(super) fn fill(
    columns: &mut Columns,
    event: Event,
    settings: &Settings,
    channels: Option<&Channels>,
    last: Option<usize>,
) {
    let row = event.row;
    columns.number(DATE_TIME, row, settings.moment(event.number));
    let Some(last) = last else { return };
    let random = &mut Random::seeded(event.number);
    columns.number(AUCTION, row, (auction(event, settings, random) + auction::FIRST_ID) as i64);
    if last == AUCTION {
        return;
    }
    columns.number(BIDDER, row, (bidder(event, settings, random) + person::FIRST_ID) as i64);
    if last == BIDDER {
        return;
    }
    columns.number(PRICE, row, random.price() as i64);
    let Some(channels) = channels.filter(|_| last >= CHANNEL) else { return };
    let (channel, url) = channels.choose(random);
    columns.text(CHANNEL, row, |text| text.extend(channel));
    columns.text(URL, row, |text| text.extend(url));
    if last == EXTRA {
        columns.text(EXTRA, row, |text| random.filler(NUMBERS, settings.bid_size, text));
    }
}

fn auction(event: Event, settings: &Settings, random: &mut Random) -> u64 {
    match random.below(settings.hot_auctions) {
        0 => auction::open(event, random),
        _ => event.last_auction / HOT * HOT,
    }
}

/// The hot bidder is the one after the hot seller, so that nobody is both.
fn bidder(event: Event, settings: &Settings, random: &mut Random) -> u64 {
    match random.below(settings.hot_bidders) {
        0 => person::active(event, random),
        _ => event.last_person / HOT * HOT + 1,
    }
}
