//! `nexmark`: the events of an auction house, as the public Nexmark suite for Flink makes them.
//!
//! One stream of persons who register, auctions that they open and bids for them: a column
//! `event_type` (0, 1, 2) and a ROW each, `person`, `auction`, `bid`, of which one is not NULL. Options
//! and columns are those of the suite; events are those of the crate `nexmark`, row by row, made column
//! by column. Event `n` depends on `n` alone, so that readers share the stream as they like, and a
//! restored one goes on from a number. A ROW may declare any of its fields, and only those are made.

mod auction;
mod bid;
mod channels;
mod columns;
mod events;
mod generator;
mod person;
mod random;
mod reader;
mod settings;

use std::sync::Arc;

use super::descriptor::{Connector, Descriptor, SourceRequest};
use super::options::{OptionSpec, OptionType, Options};
use super::{SourceFactory, SourceReader};
use crate::base::Result;
use crate::data::Schema;
use generator::Generator;
use reader::Reader;
use settings::{SINE, Settings};

/// The connector.
pub struct Nexmark;

/// Of so many persons (or auctions) in a row the first is the hot one.
const HOT: u64 = 100;

const SHAPES: &[&str] = &["SQUARE", SINE];

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "nexmark",
    source: true,
    lookup: false,
    sink: None,
    overwrites: false,
    format: false,
    pushes_limit: true,
    pushes_projection: false,
    skips_columns: true,
    chains_with_joins: false,
    metadata: &[],
    options: &[
        OptionSpec::with_default("events.num", OptionType::Integer, "0"),
        OptionSpec::with_default("first-event.rate", OptionType::Integer, "10000"),
        OptionSpec::with_default("next-event.rate", OptionType::Integer, "10000"),
        OptionSpec::with_default("rate.shape", OptionType::Choice(SHAPES), "SQUARE"),
        OptionSpec::with_default("rate.period", OptionType::Duration, "600 s"),
        OptionSpec::with_default("rate.limited", OptionType::Boolean, "false"),
        OptionSpec::with_default("max-emit-speed", OptionType::Boolean, "true"),
        OptionSpec::with_default("person.proportion", OptionType::Integer, "1"),
        OptionSpec::with_default("auction.proportion", OptionType::Integer, "3"),
        OptionSpec::with_default("bid.proportion", OptionType::Integer, "46"),
        OptionSpec::with_default("person.avg-size", OptionType::Size, "200b"),
        OptionSpec::with_default("auction.avg-size", OptionType::Size, "500b"),
        OptionSpec::with_default("bid.avg-size", OptionType::Size, "100b"),
        OptionSpec::with_default("auction.hot-ratio.sellers", OptionType::Integer, "4"),
        OptionSpec::with_default("bid.hot-ratio.auctions", OptionType::Integer, "2"),
        OptionSpec::with_default("bid.hot-ratio.bidders", OptionType::Integer, "4"),
        OptionSpec::with_default("keep-alive", OptionType::Boolean, "false"),
        OptionSpec::with_default("stop-at", OptionType::Integer, "-1"),
        // The suite begins at the clock on the wall; here every run sees the same events.
        OptionSpec::with_default("base-time", OptionType::Integer, "1436918400000"),
    ],
};

impl Connector for Nexmark {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn pushes_fields(&self) -> bool {
        true
    }

    fn bounded(&self, options: &Options) -> Result<bool> {
        let settings = Settings::new(options)?;
        Ok(settings.events.is_some() && !settings.keep_alive)
    }

    fn source(
        &self,
        options: &Options,
        request: SourceRequest<'_>,
    ) -> Result<Arc<dyn SourceFactory>> {
        let mut settings = Settings::new(options)?;
        settings.keep_alive &= request.limit.is_none();
        let fields = request.schema.fields();
        let read = request.projection.iter().filter_map(|&i| fields.get(i).cloned());
        let output = Schema::new(read.collect());
        let events = settings.events.into_iter().chain(request.limit).min();
        let bounded = events.is_some() && !settings.keep_alive;
        let generator = Arc::new(Generator::new(settings, &output, events)?);
        Ok(Arc::new(Factory { generator, output, bounded }))
    }
}

struct Factory {
    generator: Arc<Generator>,
    output: Schema,
    bounded: bool,
}

impl SourceFactory for Factory {
    /// The seed of the run plays no part: the same events come in every run, as in the suite.
    fn create(&self, index: u32, parallelism: u32, _seed: u64) -> Result<Box<dyn SourceReader>> {
        Ok(Box::new(Reader::new(self.generator.clone(), index, parallelism)))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn bounded(&self) -> bool {
        self.bounded
    }
}

#[cfg(test)]
mod tests;
