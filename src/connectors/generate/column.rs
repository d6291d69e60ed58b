//! One column of one subtask: what fills it, which of its values are NULL, and its state of chance.

use arrow::array::{Array, ArrayRef, make_array};
use arrow::buffer::NullBuffer;
use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::shape::Shape;
use super::share::Progression;
use crate::base::{LabTime, Result, SeededRandom};

/// What a column is asked for.
#[derive(Clone, Copy)]
pub(in crate::connectors) struct Wanted {
    /// Which positions of the source the values have.
    pub(in crate::connectors) rows: Progression,
    /// How many values.
    pub(in crate::connectors) len: usize,
    /// How many of them belong to one row: more than one inside of a collection.
    pub(in crate::connectors) each: usize,
    /// The moment on the lab clock.
    pub(in crate::connectors) now: LabTime,
}

/// Fills a column.
pub(in crate::connectors) trait Generator: Send {
    /// So many values.
    fn fill(&self, wanted: Wanted, random: &mut SeededRandom) -> Result<ArrayRef>;
}

/// Values, and which of them are NULL.
pub(in crate::connectors) struct Column {
    filler: Filler,
    null_rate: f64,
    chance: Chance,
}

/// Where the values come from.
pub(in crate::connectors) enum Filler {
    /// They are made.
    Generator(Box<dyn Generator>),
    /// They are put together from columns of their own.
    Nested { children: Vec<Column>, shape: Shape },
}

/// The state of chance of one column. Values and NULLs draw from generators of their own, so that
/// the rows do not depend on how many are made at once.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Chance {
    values: SeededRandom,
    nulls: SeededRandom,
}

impl Column {
    /// The column at a position of its table, in one subtask.
    pub(in crate::connectors) fn new(
        filler: Filler,
        null_rate: f64,
        position: u64,
        (seed, index): (u64, u32),
    ) -> Self {
        let stream = (position << 33) | (u64::from(index) << 1);
        let chance = Chance {
            values: SeededRandom::for_stream(seed, stream),
            nulls: SeededRandom::for_stream(seed, stream | 1),
        };
        Self { filler, null_rate, chance }
    }

    /// The next values.
    pub(in crate::connectors) fn fill(&mut self, wanted: Wanted) -> Result<ArrayRef> {
        let array = match &mut self.filler {
            Filler::Generator(generator) => generator.fill(wanted, &mut self.chance.values)?,
            Filler::Nested { children, shape } => {
                let (len, each) = (wanted.len * shape.length, wanted.each * shape.length);
                let inside = Wanted { len, each, ..wanted };
                let children =
                    children.iter_mut().map(|c| c.fill(inside)).collect::<Result<_>>()?;
                shape.assemble(children, wanted.len)
            }
        };
        if self.null_rate == 0.0 {
            return Ok(array);
        }
        let rng = self.chance.nulls.rng();
        let valid = (0..wanted.len).map(|_| !rng.random_bool(self.null_rate));
        let validity = valid.collect::<NullBuffer>();
        let data = array.to_data().into_builder().nulls(Some(validity));
        Ok(data.build().map_or(array, make_array))
    }

    /// The state of chance of the column and of those inside, in a fixed order.
    pub(super) fn chances(&self, out: &mut Vec<Chance>) {
        out.push(self.chance.clone());
        if let Filler::Nested { children, .. } = &self.filler {
            children.iter().for_each(|c| c.chances(out));
        }
    }

    /// Goes on with states that [`Column::chances`] gave.
    pub(super) fn set_chances(&mut self, from: &mut impl Iterator<Item = Chance>) {
        if let Some(chance) = from.next() {
            self.chance = chance;
        }
        if let Filler::Nested { children, .. } = &mut self.filler {
            children.iter_mut().for_each(|c| c.set_chances(from));
        }
    }
}
