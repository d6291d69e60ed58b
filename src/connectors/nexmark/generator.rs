//! From a table's columns to batches of events: only fields that the table declares are made.

use std::sync::Arc;

use arrow::array::{ArrayRef, StructArray};

use super::channels::Channels;
use super::columns::{Columns, EventField};
use super::events::{Events, Kind};
use super::settings::Settings;
use super::{auction, bid, person};
use crate::base::{Error, Result};
use crate::connectors::generate::share::Progression;
use crate::data::arrow::arrow_fields;
use crate::data::{Batch, DataType, Field, LogicalType, Schema};

/// Makes the batches of a table.
pub(super) struct Generator {
    pub(super) settings: Settings,
    /// Events in all, if the stream ends.
    pub(super) events: Option<u64>,
    columns: Vec<EventColumn>,
    /// Only bids with a channel or what is drawn after it need them.
    channels: Option<Channels>,
}

/// A column of the table.
enum EventColumn {
    /// `event_type`.
    Type,
    /// `person`, `auction`, `bid`.
    Row(RowColumn),
}

/// The fields of one kind of event.
struct RowColumn {
    kind: Kind,
    schema: Schema,
    /// Positions among the fields of the kind.
    wanted: Vec<usize>,
    /// The last of them that chance may be drawn for.
    last: Option<usize>,
}

impl Generator {
    /// The generator of some columns. The fields of a ROW may be any of its event's, in any order.
    ///
    /// # Errors
    /// `nexmark-column` for a column or field that events do not have, or have with another type.
    pub(super) fn new(settings: Settings, schema: &Schema, events: Option<u64>) -> Result<Self> {
        let columns = schema.fields().iter().map(column).collect::<Result<Vec<_>>>()?;
        let through = |c: &EventColumn| match c {
            EventColumn::Row(row) => row.kind == Kind::Bid && row.last >= Some(bid::CHANNEL),
            EventColumn::Type => false,
        };
        let channels = columns.iter().any(through).then(Channels::new);
        Ok(Self { settings, events, columns, channels })
    }

    /// Events at some positions of the stream.
    pub(super) fn batch(&self, rows: Progression, len: usize) -> Result<Batch> {
        let events = Events::new(&self.settings, rows, len);
        let column = |c: &EventColumn| match c {
            EventColumn::Type => Ok(events.types()),
            EventColumn::Row(row) => self.row(row, &events),
        };
        Ok(Batch::new(self.columns.iter().map(column).collect::<Result<_>>()?, len))
    }

    fn row(&self, row: &RowColumn, events: &Events<'_>) -> Result<ArrayRef> {
        let filled = events.of(row.kind).count();
        let mut columns = Columns::new(fields(row.kind), &row.wanted, events.len(), filled);
        self.fill(row, events, &mut columns);
        let nulls = events.others(row.kind);
        let finished = row.wanted.iter().map(|field| columns.finish(*field, &nulls));
        let fields = arrow_fields(&row.schema);
        let array = StructArray::try_new_with_length(
            fields,
            finished.collect::<Result<_>>()?,
            Some(nulls),
            events.len(),
        );
        let not_made = |e| Error::new("column-not-made").arg("reason", e);
        Ok(Arc::new(array.map_err(not_made)?))
    }

    fn fill(&self, row: &RowColumn, events: &Events<'_>, columns: &mut Columns) {
        let (settings, last) = (&self.settings, row.last);
        let all = events.of(row.kind);
        match row.kind {
            Kind::Person => all.for_each(|e| person::fill(columns, e, settings, last)),
            Kind::Auction => all.for_each(|e| auction::fill(columns, e, settings, last)),
            Kind::Bid => {
                let channels = self.channels.as_ref();
                all.for_each(|e| bid::fill(columns, e, settings, channels, last));
            }
        }
    }
}

fn fields(kind: Kind) -> &'static [EventField] {
    match kind {
        Kind::Person => person::FIELDS,
        Kind::Auction => auction::FIELDS,
        Kind::Bid => bid::FIELDS,
    }
}

fn column(field: &Field) -> Result<EventColumn> {
    let kind = match field.name.as_str() {
        "event_type" if field.data_type.logical == LogicalType::Int => {
            return Ok(EventColumn::Type);
        }
        "event_type" => return Err(wrong(&field.name, &field.data_type, "INT")),
        "person" => Kind::Person,
        "auction" => Kind::Auction,
        "bid" => Kind::Bid,
        _ => return Err(wrong(&field.name, &field.data_type, NO_COLUMN)),
    };
    let LogicalType::Row(schema) = &field.data_type.logical else {
        return Err(wrong(&field.name, &field.data_type, "ROW"));
    };
    let wanted = schema.fields().iter().map(|f| position(kind, &field.name, f));
    let wanted = wanted.collect::<Result<Vec<_>>>()?;
    let drawn = wanted.iter().copied().filter(|f| fields(kind)[*f].name != "dateTime");
    let last = drawn.max();
    Ok(EventColumn::Row(RowColumn { kind, schema: schema.clone(), wanted, last }))
}

fn position(kind: Kind, row: &str, field: &Field) -> Result<usize> {
    let name = format!("{row}.{}", field.name);
    let of_kind = fields(kind);
    let Some(position) = of_kind.iter().position(|f| f.name == field.name) else {
        return Err(wrong(&name, &field.data_type, NO_COLUMN));
    };
    let expected = of_kind[position].kind.logical();
    match field.data_type.logical == expected {
        true => Ok(position),
        false => Err(wrong(&name, &field.data_type, &expected.to_string())),
    }
}

const NO_COLUMN: &str = "none";

fn wrong(column: &str, found: &DataType, expected: &str) -> Error {
    Error::new("nexmark-column")
        .arg("column", column)
        .arg("found", found.logical.to_string())
        .arg("expected", expected)
}
