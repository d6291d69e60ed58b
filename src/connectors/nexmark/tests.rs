//! The events, against the crate that defines them.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Int32Type, Int64Type, TimestampMillisecondType};
use nexmark::EventGenerator;
use nexmark::config::{NexmarkConfig, RateShape};
use nexmark::event::Event;

use crate::base::{LabTime, Result};
use crate::connectors::descriptor::SourceRequest;
use crate::connectors::files::MemoryFiles;
use crate::connectors::registry::find;
use crate::connectors::{Poll, SourceContext, SourceFactory, SourceReader};
use crate::data::arrow::arrow_fields;
use crate::data::{DataType, Field, LogicalType, Schema};

use super::columns::EventField;
use super::{auction, bid, person};

fn field(name: &str, logical: LogicalType) -> Field {
    Field::new(name, DataType::nullable(logical))
}

fn row(name: &str, fields: &[EventField]) -> Field {
    let fields = fields.iter().map(|f| field(f.name, f.kind.logical())).collect();
    field(name, LogicalType::Row(Schema::new(fields)))
}

fn all_columns() -> Schema {
    Schema::new(vec![
        field("event_type", LogicalType::Int),
        row("person", person::FIELDS),
        row("auction", auction::FIELDS),
        row("bid", bid::FIELDS),
    ])
}

fn factory(schema: &Schema, options: &[(&str, &str)]) -> Result<Arc<dyn SourceFactory>> {
    let options = [("connector", "nexmark")].into_iter().chain(options.iter().copied());
    let projection: Vec<usize> = (0..schema.len()).collect();
    let request = SourceRequest {
        table: "t",
        schema,
        partitions: &[],
        metadata: &[],
        projection: &projection,
        keeps: None,
        limit: None,
    };
    find(options.collect())?.source_factory(request)
}

/// Reads until the end, or until so many rows are there.
fn read(reader: &mut dyn SourceReader, schema: &Schema, most: usize) -> RecordBatch {
    let arrow = Arc::new(arrow::datatypes::Schema::new(arrow_fields(schema)));
    let (files, mut batches, mut rows) = (MemoryFiles::default(), Vec::new(), 0);
    let mut context = SourceContext { now: LabTime(0), max_rows: 4096, files: &files };
    while rows < most {
        context.max_rows = context.max_rows.min(most - rows);
        match reader.poll(&mut context).unwrap() {
            Poll::Batch(batch) => {
                rows += batch.len();
                let columns = batch.columns().to_vec();
                batches.push(RecordBatch::try_new(arrow.clone(), columns).unwrap());
            }
            Poll::End => break,
            other => panic!("{other:?}"),
        }
    }
    concat_batches(&arrow, &batches).unwrap()
}

fn all(options: &[(&str, &str)]) -> RecordBatch {
    let schema = all_columns();
    let factory = factory(&schema, options).unwrap();
    read(&mut *factory.create(0, 1, 7).unwrap(), &schema, usize::MAX)
}

/// The cells of a row of the table.
struct Cells<'a>(&'a RecordBatch, usize);

impl Cells<'_> {
    fn kind(&self) -> i32 {
        let whole = |c: usize| self.0.column(c).is_valid(self.1);
        let kind = self.0.column(0).as_primitive::<Int32Type>().value(self.1);
        assert_eq!([1, 2, 3].map(whole), [kind == 0, kind == 1, kind == 2]);
        kind
    }

    fn cell(&self, field: usize) -> &dyn Array {
        self.0.column(self.kind() as usize + 1).as_struct().column(field).as_ref()
    }

    fn text(&self, field: usize) -> &str {
        self.cell(field).as_string::<i32>().value(self.1)
    }

    fn number(&self, field: usize) -> usize {
        self.cell(field).as_primitive::<Int64Type>().value(self.1) as usize
    }

    fn moment(&self, field: usize) -> u64 {
        self.cell(field).as_primitive::<TimestampMillisecondType>().value(self.1) as u64
    }

    fn event(&self) -> Event {
        match self.kind() {
            0 => Event::Person(nexmark::event::Person {
                id: self.number(0),
                name: self.text(1).into(),
                email_address: self.text(2).into(),
                credit_card: self.text(3).into(),
                city: self.text(4).into(),
                state: self.text(5).into(),
                date_time: self.moment(6),
                extra: self.text(7).into(),
            }),
            1 => Event::Auction(nexmark::event::Auction {
                id: self.number(0),
                item_name: self.text(1).into(),
                description: self.text(2).into(),
                initial_bid: self.number(3),
                reserve: self.number(4),
                date_time: self.moment(5),
                expires: self.moment(6),
                seller: self.number(7),
                category: self.number(8),
                extra: self.text(9).into(),
            }),
            _ => Event::Bid(nexmark::event::Bid {
                auction: self.number(0),
                bidder: self.number(1),
                price: self.number(2),
                channel: self.text(3).into(),
                url: self.text(4).into(),
                date_time: self.moment(5),
                extra: self.text(6).into(),
            }),
        }
    }
}

fn config() -> NexmarkConfig {
    NexmarkConfig {
        base_time: 1_436_918_400_000,
        rate_shape: RateShape::Square,
        ..NexmarkConfig::default()
    }
}

fn assert_same(rows: &RecordBatch, config: NexmarkConfig) {
    for (row, event) in (0..rows.num_rows()).zip(EventGenerator::new(config)) {
        assert_eq!(Cells(rows, row).event(), event, "event {row}");
    }
}

#[test]
fn events_are_those_of_the_crate() {
    let rows = all(&[("events.num", "100000")]);
    assert_eq!(rows.num_rows(), 100_000);
    assert_same(&rows, config());
}

#[test]
fn options_mean_what_they_mean_in_the_crate() {
    let rows = all(&[
        ("events.num", "20000"),
        ("first-event.rate", "5000"),
        ("next-event.rate", "700"),
        ("rate.period", "20 s"),
        ("person.proportion", "3"),
        ("auction.proportion", "2"),
        ("bid.proportion", "7"),
        ("person.avg-size", "20b"),
        ("auction.avg-size", "1kb"),
        ("bid.avg-size", "33b"),
        ("auction.hot-ratio.sellers", "9"),
        ("bid.hot-ratio.auctions", "5"),
        ("bid.hot-ratio.bidders", "1"),
        ("base-time", "1000000000000"),
    ]);
    let config = NexmarkConfig {
        base_time: 1_000_000_000_000,
        first_rate: 5000,
        next_rate: 700,
        rate_period: 20,
        person_proportion: 3,
        auction_proportion: 2,
        bid_proportion: 7,
        avg_person_byte_size: 20,
        avg_auction_byte_size: 1024,
        avg_bid_byte_size: 33,
        hot_seller_ratio: 9,
        hot_auction_ratio: 5,
        hot_bidder_ratio: 1,
        ..config()
    };
    assert_same(&rows, config);
}

#[test]
fn a_field_is_the_same_alone() {
    let rows = all(&[("events.num", "600")]);
    let columns = all_columns();
    for (column, Field { name, data_type }) in columns.fields().iter().enumerate() {
        let LogicalType::Row(fields) = &data_type.logical else { continue };
        for (position, wanted) in fields.fields().iter().enumerate() {
            let only = LogicalType::Row(Schema::new(vec![wanted.clone()]));
            let schema = Schema::new(vec![field(name, only)]);
            let factory = factory(&schema, &[("events.num", "600")]).unwrap();
            let alone = read(&mut *factory.create(0, 1, 7).unwrap(), &schema, usize::MAX);
            let expected = rows.column(column).as_struct().column(position);
            assert_eq!(alone.column(0).as_struct().column(0), expected, "{name}.{}", wanted.name);
        }
    }
}

/// Two readers make half of the events each; three readers go on from a checkpoint of theirs.
#[test]
fn readers_share_the_stream_over_a_restart() {
    let schema = all_columns();
    let options = [("events.num", "5003")];
    let factory = factory(&schema, &options).unwrap();
    let mut parts = Vec::new();
    let mut snapshots = Vec::new();
    for (index, rows) in [(0, 700), (1, 1000)] {
        let mut reader = factory.create(index, 2, 7).unwrap();
        parts.push(read(&mut *reader, &schema, rows));
        snapshots.push(reader.snapshot().unwrap());
    }
    for index in 0..3 {
        let mut reader = factory.create(index, 3, 7).unwrap();
        reader.restore(&snapshots).unwrap();
        parts.push(read(&mut *reader, &schema, usize::MAX));
    }
    let shared = concat_batches(&parts[0].schema(), &parts).unwrap();
    // Positions, as the restart dealt them: what each of the two had left goes to one of the three.
    let ordinals = (0..1400).step_by(2).chain((1..2000).step_by(2));
    let ordinals = ordinals.chain((1400..5003).step_by(2)).chain((2001..5003).step_by(2));
    let whole = all(&options);
    let expected = take_record_batch(&whole, &UInt32Array::from_iter_values(ordinals)).unwrap();
    assert_eq!(shared, expected);
}

#[test]
fn a_pace_holds_events_back_until_they_are_due() {
    let schema = Schema::new(vec![field("event_type", LogicalType::Int)]);
    let options = [("rate.limited", "true"), ("first-event.rate", "10"), ("next-event.rate", "10")];
    let factory = factory(&schema, &options).unwrap();
    assert!(!factory.bounded());
    let mut reader = factory.create(0, 1, 7).unwrap();
    let files = MemoryFiles::default();
    let mut poll = |millis: i64| {
        let now = LabTime(millis * 1000);
        match reader.poll(&mut SourceContext { now, max_rows: 4, files: &files }).unwrap() {
            Poll::Batch(batch) => format!("{} rows", batch.len()),
            Poll::WaitUntil(later) => format!("wait until {}", later.0 / 1000),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        [5000, 5000, 5350, 5350, 9000, 9000].map(&mut poll),
        ["1 rows", "wait until 5100", "3 rows", "wait until 5400", "4 rows", "4 rows"]
    );
}

#[test]
fn what_events_do_not_have_is_refused() {
    let refusal = |column: Field| match factory(&Schema::new(vec![column]), &[]) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    };
    let person =
        |name, logical| field("person", LogicalType::Row(Schema::new(vec![field(name, logical)])));
    let cases = [
        (field("event_type", LogicalType::Int), "accepted"),
        (
            field("event_type", LogicalType::BigInt),
            r#"nexmark-column column="event_type" found="BIGINT" expected="INT""#,
        ),
        (
            field("bids", LogicalType::Int),
            r#"nexmark-column column="bids" found="INT" expected="none""#,
        ),
        (
            field("bid", LogicalType::Int),
            r#"nexmark-column column="bid" found="INT" expected="ROW""#,
        ),
        (
            person("id", LogicalType::Int),
            r#"nexmark-column column="person.id" found="INT" expected="BIGINT""#,
        ),
        (
            person("ids", LogicalType::BigInt),
            r#"nexmark-column column="person.ids" found="BIGINT" expected="none""#,
        ),
    ];
    for (column, expected) in cases {
        assert_eq!(refusal(column.clone()), expected, "{column:?}");
    }
}
