//! The queries as loops over vectors: what their words say, row by row.

use std::collections::{BTreeMap, BTreeSet};

use nexmark::EventGenerator;
use nexmark::config::{NexmarkConfig, RateShape};
use nexmark::event::{Auction, Bid, Event, Person};

/// Rows as cells, each with how often it is there.
pub type Answer = BTreeMap<Vec<String>, i64>;

type Rows = Vec<Vec<String>>;

const SECOND: u64 = 1_000;
const WINDOW: u64 = 10 * SECOND;

/// The events, kind by kind, in the order in which they happen.
pub struct Auctions {
    persons: Vec<Person>,
    auctions: Vec<Auction>,
    bids: Vec<Bid>,
    base: u64,
}

impl Auctions {
    pub fn new(events: usize, rate: usize) -> Self {
        let base = 1_436_918_400_000;
        let config = NexmarkConfig {
            base_time: base,
            rate_shape: RateShape::Square,
            first_rate: rate,
            next_rate: rate,
            ..NexmarkConfig::default()
        };
        let mut all = Self { persons: vec![], auctions: vec![], bids: vec![], base };
        for event in EventGenerator::new(config).take(events) {
            match event {
                Event::Person(person) => all.persons.push(person),
                Event::Auction(auction) => all.auctions.push(auction),
                Event::Bid(bid) => all.bids.push(bid),
            }
        }
        all
    }

    fn auction(&self, id: usize) -> Option<&Auction> {
        self.auctions.iter().find(|a| a.id == id)
    }

    /// Bids on auctions, while they are open.
    fn valid_bids(&self) -> impl Iterator<Item = (&Auction, &Bid)> {
        let auctions: BTreeMap<usize, &Auction> = self.auctions.iter().map(|a| (a.id, a)).collect();
        self.bids.iter().filter_map(move |bid| {
            let auction = *auctions.get(&bid.auction)?;
            let open = (auction.date_time..=auction.expires).contains(&bid.date_time);
            open.then_some((auction, bid))
        })
    }
}

macro_rules! cells {
    ($($value:expr),* $(,)?) => { vec![$($value.to_string()),*] };
}

fn format(millis: u64, format: &str) -> String {
    let moment = chrono::DateTime::from_timestamp_millis(millis as i64).unwrap();
    moment.naive_utc().format(format).to_string()
}

/// As a TIMESTAMP(3).
fn moment(millis: u64) -> String {
    format(millis, "%Y-%m-%d %H:%M:%S%.3f")
}

fn day(bid: &Bid) -> String {
    format(bid.date_time, "%Y-%m-%d")
}

/// A price times 0.908.
fn euros(price: usize) -> String {
    let thousandths = price * 908;
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

fn window(millis: u64) -> u64 {
    millis / WINDOW * WINDOW
}

pub fn pass_through(all: &Auctions) -> Rows {
    let row = |b: &Bid| cells![b.auction, b.bidder, b.price, moment(b.date_time), b.extra];
    all.bids.iter().map(row).collect()
}

pub fn currency_conversion(all: &Auctions) -> Rows {
    let row = |b: &Bid| cells![b.auction, b.bidder, euros(b.price), moment(b.date_time), b.extra];
    all.bids.iter().map(row).collect()
}

pub fn selection(all: &Auctions) -> Rows {
    let bids = all.bids.iter().filter(|b| b.auction % 123 == 0);
    bids.map(|b| cells![b.auction, b.price]).collect()
}

pub fn local_item_suggestion(all: &Auctions) -> Rows {
    let mut rows = Vec::new();
    for auction in all.auctions.iter().filter(|a| a.category == 10) {
        for person in all.persons.iter().filter(|p| p.id == auction.seller) {
            if ["or", "id", "ca"].contains(&person.state.as_str()) {
                rows.push(cells![person.name, person.city, person.state, auction.id]);
            }
        }
    }
    rows
}

pub fn average_price_for_a_category(all: &Auctions) -> Rows {
    let mut highest: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (auction, bid) in all.valid_bids() {
        let price = highest.entry((auction.id, auction.category)).or_default();
        *price = bid.price.max(*price);
    }
    let mut categories: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for ((_, category), price) in highest {
        categories.entry(category).or_default().push(price);
    }
    let mean = |prices: &[usize]| prices.iter().sum::<usize>() / prices.len();
    categories.iter().map(|(category, prices)| cells![category, mean(prices)]).collect()
}

pub fn hot_items(all: &Auctions) -> Rows {
    let mut windows: BTreeMap<u64, BTreeMap<usize, usize>> = BTreeMap::new();
    for bid in &all.bids {
        let last = bid.date_time / (2 * SECOND) * 2 * SECOND;
        for start in (0..5).map(|n| last - n * 2 * SECOND) {
            *windows.entry(start).or_default().entry(bid.auction).or_default() += 1;
        }
    }
    let mut rows = Vec::new();
    for counts in windows.values() {
        let most = counts.values().max().unwrap();
        let hot = counts.iter().filter(|(_, count)| *count == most);
        rows.extend(hot.map(|(auction, count)| cells![auction, count]));
    }
    rows
}

pub fn highest_bid(all: &Auctions) -> Rows {
    let mut highest: BTreeMap<u64, usize> = BTreeMap::new();
    for bid in &all.bids {
        let price = highest.entry(window(bid.date_time) + WINDOW).or_default();
        *price = bid.price.max(*price);
    }
    let mut rows = Vec::new();
    for bid in &all.bids {
        for (end, price) in &highest {
            if bid.price == *price && (end - WINDOW..=*end).contains(&bid.date_time) {
                let time = moment(bid.date_time);
                rows.push(cells![bid.auction, bid.price, bid.bidder, time, bid.extra]);
            }
        }
    }
    rows
}

pub fn monitor_new_users(all: &Auctions) -> Rows {
    let sellers = all.auctions.iter().map(|a| (a.seller, window(a.date_time)));
    let sellers: BTreeSet<(usize, u64)> = sellers.collect();
    let new = all.persons.iter().filter(|p| sellers.contains(&(p.id, window(p.date_time))));
    new.map(|p| cells![p.id, p.name, moment(window(p.date_time))]).collect()
}

fn auction_cells(a: &Auction) -> Vec<String> {
    cells![
        a.id,
        a.item_name,
        a.description,
        a.initial_bid,
        a.reserve,
        moment(a.date_time),
        moment(a.expires),
        a.seller,
        a.category,
        a.extra
    ]
}

pub fn winning_bids(all: &Auctions) -> Rows {
    let mut winners: BTreeMap<usize, (&Auction, &Bid)> = BTreeMap::new();
    for (auction, bid) in all.valid_bids() {
        let winner = winners.entry(auction.id).or_insert((auction, bid));
        if bid.price > winner.1.price {
            *winner = (auction, bid);
        }
    }
    let row = |(a, b): &(&Auction, &Bid)| {
        let bid = cells![b.auction, b.bidder, b.price, moment(b.date_time), b.extra];
        [auction_cells(a), bid].concat()
    };
    winners.values().map(row).collect()
}

pub fn user_sessions(all: &Auctions) -> Rows {
    let mut bids: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for bid in &all.bids {
        bids.entry(bid.bidder).or_default().push(bid.date_time);
    }
    let mut rows = Vec::new();
    for (bidder, moments) in bids {
        for session in moments.chunk_by(|a, b| b - a <= WINDOW) {
            let (start, end) = (session[0], session[session.len() - 1] + WINDOW);
            rows.push(cells![bidder, session.len(), moment(start), moment(end)]);
        }
    }
    rows
}

/// Each bid is made when it is due; a window that is not over when the events end tells nothing.
pub fn processing_time_windows(all: &Auctions, start: i64) -> Rows {
    let mut counts: BTreeMap<(usize, u64), usize> = BTreeMap::new();
    for bid in &all.bids {
        let due = start as u64 + bid.date_time - all.base;
        *counts.entry((bid.bidder, window(due))).or_default() += 1;
    }
    let last = counts.keys().map(|(_, start)| *start).max().unwrap();
    let whole = counts.iter().filter(|((_, start), _)| *start < last);
    let row = |((bidder, start), count): (&(usize, u64), &usize)| {
        cells![bidder, count, moment(*start), moment(start + WINDOW)]
    };
    whole.map(row).collect()
}

pub fn calculation(all: &Auctions) -> Rows {
    let mut rows = Vec::new();
    for bid in &all.bids {
        let thousandths = bid.price * 908;
        if thousandths <= 1_000_000_000 || thousandths >= 50_000_000_000 {
            continue;
        }
        let time = match format(bid.date_time, "%H").parse::<u32>().unwrap() {
            8..=18 => "dayTime",
            ..=6 | 20.. => "nightTime",
            _ => "otherTime",
        };
        let count = bid.extra.matches('c').count();
        let (price, moment) = (euros(bid.price), moment(bid.date_time));
        rows.push(cells![bid.auction, bid.bidder, price, time, moment, bid.extra, count]);
    }
    rows
}

/// How many, and how many of each of the three ranks of price.
fn by_rank(bids: &[&Bid], count: impl Fn(&mut dyn Iterator<Item = &Bid>) -> usize) -> Vec<String> {
    let ranks = [0..usize::MAX, 0..10_000, 10_000..1_000_000, 1_000_000..usize::MAX];
    let of = |rank: &std::ops::Range<usize>| {
        count(&mut bids.iter().copied().filter(|b| rank.contains(&b.price)))
    };
    ranks.iter().map(|rank| of(rank).to_string()).collect()
}

fn statistics(bids: &[&Bid]) -> Vec<String> {
    let distinct = |values: &mut dyn Iterator<Item = usize>| values.collect::<BTreeSet<_>>().len();
    [
        by_rank(bids, |bids| bids.count()),
        by_rank(bids, |bids| distinct(&mut bids.map(|b| b.bidder))),
        by_rank(bids, |bids| distinct(&mut bids.map(|b| b.auction))),
    ]
    .concat()
}

fn grouped<K: Ord>(all: &Auctions, key: impl Fn(&Bid) -> K) -> BTreeMap<K, Vec<&Bid>> {
    let mut groups: BTreeMap<K, Vec<&Bid>> = BTreeMap::new();
    for bid in &all.bids {
        groups.entry(key(bid)).or_default().push(bid);
    }
    groups
}

pub fn bidding_statistics(all: &Auctions) -> Rows {
    let days = grouped(all, day);
    days.into_iter().map(|(day, bids)| [vec![day], statistics(&bids)].concat()).collect()
}

pub fn channel_statistics(all: &Auctions) -> Rows {
    let groups = grouped(all, |b| (b.channel.clone(), day(b)));
    let row = |((channel, day), bids): ((String, String), Vec<&Bid>)| {
        let minute = bids.iter().map(|b| format(b.date_time, "%H:%M")).max().unwrap();
        [vec![channel, day, minute], statistics(&bids)].concat()
    };
    groups.into_iter().map(row).collect()
}

pub fn auction_statistics(all: &Auctions) -> Rows {
    let groups = grouped(all, |b| (b.auction, day(b)));
    let row = |((auction, day), bids): ((usize, String), Vec<&Bid>)| {
        let prices: Vec<usize> = bids.iter().map(|b| b.price).collect();
        let (min, max) = (prices.iter().min().unwrap(), prices.iter().max().unwrap());
        let sum: usize = prices.iter().sum();
        let counts = by_rank(&bids, |bids| bids.count());
        [cells![auction, day], counts, cells![min, max, sum / prices.len(), sum]].concat()
    };
    groups.into_iter().map(row).collect()
}

fn bid_cells(b: &Bid) -> Vec<String> {
    cells![b.auction, b.bidder, b.price, b.channel, b.url, moment(b.date_time), b.extra]
}

pub fn last_bid(all: &Auctions) -> Rows {
    let groups = grouped(all, |b| (b.bidder, b.auction));
    groups.values().filter_map(|bids| bids.last()).map(|b| bid_cells(b)).collect()
}

pub fn top_ten_prices(all: &Auctions) -> Rows {
    let mut rows = Vec::new();
    for mut bids in grouped(all, |b| b.auction).into_values() {
        bids.sort_by_key(|b| std::cmp::Reverse(b.price));
        let top = bids.iter().take(10).zip(1..);
        rows.extend(top.map(|(bid, rank)| [bid_cells(bid), cells![rank]].concat()));
    }
    rows
}

pub fn bids_with_their_auction(all: &Auctions) -> Rows {
    let mut rows = Vec::new();
    for bid in &all.bids {
        if let Some(auction) = all.auction(bid.auction).filter(|a| a.category == 10) {
            rows.push([bid_cells(bid), auction_cells(auction)[1..].to_vec()].concat());
        }
    }
    rows
}

/// The number in the address, behind `&channel_id=`.
fn channel_number(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("&channel_id=")?;
    rest.split('&').next()
}

pub fn channel_ids(all: &Auctions) -> Rows {
    let mut rows = Vec::new();
    for bid in &all.bids {
        let id = match bid.channel.to_lowercase().as_str() {
            "apple" => Some("0"),
            "google" => Some("1"),
            "facebook" => Some("2"),
            "baidu" => Some("3"),
            _ => channel_number(&bid.url),
        };
        let row = |id: &str| cells![bid.auction, bid.bidder, bid.price, bid.channel, id];
        rows.extend(id.map(row));
    }
    rows
}

pub fn directories(all: &Auctions) -> Rows {
    let row = |b: &Bid| {
        let parts: Vec<&str> = b.url.split('/').collect();
        cells![b.auction, b.bidder, b.price, b.channel, parts[3], parts[4], parts[5]]
    };
    all.bids.iter().map(row).collect()
}
