//! What the options say of the stream: how many events of which kind, how fast, how skewed.

use std::f64::consts::PI;

use super::random::round;
use crate::base::{Error, Result};
use crate::connectors::Options;

/// The moment of the first event unless `base-time` says otherwise: 2015-07-15, as in Apache Beam's
/// Nexmark. A fixed moment, so that a query answers alike in every run.
const BASE_TIME: i64 = 1_436_918_400_000;

/// Steps of a sine.
const SINE_STEPS: u32 = 10;

/// How many auctions are open at a time.
pub(super) const IN_FLIGHT_AUCTIONS: u64 = 100;

/// A stream of events.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Of `persons + auctions + bids` events in a row, the first are persons, then come auctions.
    pub(super) persons: u64,
    pub(super) auctions: u64,
    pub(super) bids: u64,
    /// The size wished for, in bytes.
    pub(super) person_size: u64,
    pub(super) auction_size: u64,
    pub(super) bid_size: u64,
    /// One in so many is *not* for the hot seller, auction, bidder.
    pub(super) hot_sellers: u64,
    pub(super) hot_auctions: u64,
    pub(super) hot_bidders: u64,
    /// Events in all; `None`: without end.
    pub(super) events: Option<u64>,
    /// Whether the source stays open after its last event.
    pub(super) keep_alive: bool,
    /// Whether an event waits until it is due.
    pub(super) paced: bool,
    time: Time,
}

/// When events happen.
#[derive(Clone, Debug)]
struct Time {
    /// Milliseconds of the first one.
    base: i64,
    /// Microseconds between events, in turn.
    delays: Vec<f32>,
    /// How many microseconds each delay is in force.
    step: f32,
}

impl Settings {
    /// What the options of a table say.
    pub(super) fn new(options: &Options) -> Result<Self> {
        Ok(Self {
            persons: positive(options, "person.proportion", 1)?,
            auctions: positive(options, "auction.proportion", 3)?,
            bids: count(options, "bid.proportion", 46)?,
            person_size: options.size("person.avg-size")?.unwrap_or(200),
            auction_size: options.size("auction.avg-size")?.unwrap_or(500),
            bid_size: options.size("bid.avg-size")?.unwrap_or(100),
            hot_sellers: positive(options, "auction.hot-ratio.sellers", 4)?,
            hot_auctions: positive(options, "bid.hot-ratio.auctions", 2)?,
            hot_bidders: positive(options, "bid.hot-ratio.bidders", 4)?,
            events: events(options)?,
            keep_alive: options.flag("keep-alive")?,
            paced: options.flag("rate.limited")? || !unless(options, "max-emit-speed")?,
            time: Time::new(options)?,
        })
    }

    /// Events until the kinds repeat.
    pub(super) fn cycle(&self) -> u64 {
        self.persons + self.auctions + self.bids
    }

    /// When an event happens, in milliseconds.
    #[inline]
    pub(super) fn moment(&self, event: u64) -> i64 {
        self.time.base + self.after(event)
    }

    /// How many milliseconds after the first event another one happens.
    #[inline]
    pub(super) fn after(&self, event: u64) -> i64 {
        match self.time.delays.as_slice() {
            [delay] => round(event as f32 * delay / 1000.0) as i64,
            _ => self.time.after(event),
        }
    }

    /// How many events pass while an auction is open.
    pub(super) fn events_of_auctions(&self) -> u64 {
        IN_FLIGHT_AUCTIONS * self.cycle() / self.auctions
    }
}

impl Time {
    fn new(options: &Options) -> Result<Self> {
        let first = positive(options, "first-event.rate", 10_000)?;
        let next = positive(options, "next-event.rate", 10_000)?;
        let rates = match options.get("rate.shape") {
            _ if first == next => vec![first],
            Some(SINE) => sine(first as f64, next as f64),
            _ => vec![first, next],
        };
        let steps = if options.get("rate.shape") == Some(SINE) { SINE_STEPS } else { 2 };
        let period = options.duration("rate.period")?.map_or(600, |d| d.0 / 1_000_000);
        let step = u64::try_from(period).unwrap_or(0).div_ceil(u64::from(steps));
        if step == 0 && rates.len() > 1 {
            return Err(out_of_range("rate.period", period));
        }
        Ok(Self {
            base: options.integer("base-time")?.unwrap_or(BASE_TIME),
            delays: rates.into_iter().map(|rate| 1_000_000.0 / rate as f32).collect(),
            step: (step * 1_000_000) as f32,
        })
    }

    /// When rates change: whole rounds of them, whole steps of the last round, and the rest.
    fn after(&self, event: u64) -> i64 {
        let events = |delay: &f32| self.step / delay;
        let round_events = self.delays.iter().map(|d| round(events(d))).sum::<u64>().max(1);
        let round_millis: f32 = self.delays.iter().map(|d| events(d) * d / 1000.0).sum();
        let mut rest = event % round_events;
        let mut millis = (event / round_events) as f32 * round_millis;
        for delay in &self.delays {
            let events = round(events(delay));
            if rest < events {
                return round(millis + rest as f32 * delay / 1000.0) as i64;
            }
            rest -= events;
            millis += self.step / 1000.0;
        }
        round(millis) as i64
    }
}

/// The word of a sine.
pub(super) const SINE: &str = "SINE";

/// Rates that swing between two.
fn sine(first: f64, next: f64) -> Vec<u64> {
    let (middle, swing) = ((first + next) / 2.0, (first - next) / 2.0);
    let rate = |step| middle + swing * (2.0 * PI * f64::from(step) / f64::from(SINE_STEPS)).cos();
    (0..SINE_STEPS).map(|step| (rate(step).round() as u64).max(1)).collect()
}

fn count(options: &Options, key: &str, default: u64) -> Result<u64> {
    let Some(value) = options.integer(key)? else { return Ok(default) };
    u64::try_from(value).map_err(|_| out_of_range(key, value))
}

/// The last event is that of `events.num`, if it is not 0, or of `stop-at`, if it is not negative.
fn events(options: &Options) -> Result<Option<u64>> {
    let number = Some(count(options, "events.num", 0)?).filter(|n| *n > 0);
    let stop = options.integer("stop-at")?.and_then(|n| u64::try_from(n).ok());
    Ok(number.into_iter().chain(stop).min())
}

fn positive(options: &Options, key: &str, default: u64) -> Result<u64> {
    match count(options, key, default)? {
        0 => Err(out_of_range(key, 0)),
        value => Ok(value),
    }
}

/// A flag that is up unless it is taken down.
fn unless(options: &Options, key: &str) -> Result<bool> {
    Ok(options.get(key).is_none() || options.flag(key)?)
}

fn out_of_range(key: &str, value: impl std::fmt::Display) -> Error {
    Error::new("option-out-of-range").arg("name", key).arg("value", value)
}
