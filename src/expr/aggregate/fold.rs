//! What most aggregate functions are: a value a group, which each row changes.
//!
//! A [`Fold`] says how one row changes one group; [`Grouped`] makes an [`Accumulator`] of it. The loop
//! over rows is compiled for each fold, so that a row costs no dispatch.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanBufferBuilder, PrimitiveArray, StringBuilder,
};
use arrow::buffer::NullBuffer;

use super::accumulator::{Accumulator, GroupedRows};
use super::partial::Buffer;
use crate::base::{Error, Result};
use crate::data::arrow::{array_of, arrow_type};
use crate::data::{DataType, Value};

/// How rows change the value of a group.
pub trait Fold: Send {
    /// The value of one group.
    type Group: Clone + Send;
    /// The arguments as typed columns.
    type Input<'a>;
    /// Collects results.
    type Results: Results;

    /// The value of no rows.
    fn empty(&self) -> Self::Group;

    /// Looks at the arguments.
    ///
    /// # Errors
    /// `column-not-made` if the columns are of other types than those the fold was made for.
    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<Self::Input<'a>>;

    /// Adds a row to a group, or takes it away.
    fn apply(&self, group: &mut Self::Group, input: &Self::Input<'_>, row: usize, adds: bool);

    /// Adds what another group has, whose rows came later.
    fn merge(&self, into: &mut Self::Group, from: &Self::Group);

    /// Why a group cannot have a result.
    fn refusal(&self, _group: &Self::Group) -> Option<Error> {
        None
    }

    /// The result of a group; `None` is NULL.
    fn result(&self, group: &Self::Group) -> Option<<Self::Results as Results>::Item>;

    /// What a checkpoint keeps of a group.
    fn save(&self, group: &Self::Group) -> Vec<Value>;

    /// The group that [`Fold::save`] gave; `None` if it is not one.
    fn load(&self, state: &[Value]) -> Option<Self::Group>;

    /// Groups as the columns of the accumulator that travels, where that has a loop of its own.
    fn pack<'a>(
        &self,
        _groups: impl ExactSizeIterator<Item = &'a Self::Group> + Clone,
        _buffers: &[Buffer],
    ) -> Option<Result<Vec<ArrayRef>>>
    where
        Self: 'a,
    {
        None
    }

    /// Adds each row of such columns to the group of its place; `None` where there is no such loop.
    fn merge_packed(
        &self,
        _groups: &mut [Self::Group],
        _into: &[u32],
        _columns: &[ArrayRef],
    ) -> Option<Result<()>> {
        None
    }
}

/// A column of results in the making.
pub trait Results {
    /// One result.
    type Item;

    /// Room for so many.
    fn with_capacity(capacity: usize) -> Self;

    /// Adds one; `None` is NULL.
    fn push(&mut self, item: Option<Self::Item>);

    /// The column.
    ///
    /// # Errors
    /// `value-of-other-type` if a result is not of the type.
    fn finish(self, data_type: &DataType) -> Result<ArrayRef>;
}

/// How long most texts are at most, in bytes.
const TEXT: usize = 8;

/// Results of a type whose values have a fixed width. Validity is made only if there is a NULL.
pub struct Primitives<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    nulls: Vec<usize>,
}

impl<T: ArrowPrimitiveType> Results for Primitives<T> {
    type Item = T::Native;

    fn with_capacity(capacity: usize) -> Self {
        Self { values: Vec::with_capacity(capacity), nulls: Vec::new() }
    }

    #[inline]
    fn push(&mut self, item: Option<T::Native>) {
        if item.is_none() {
            self.nulls.push(self.values.len());
        }
        self.values.push(item.unwrap_or_default());
    }

    fn finish(self, data_type: &DataType) -> Result<ArrayRef> {
        let validity = (!self.nulls.is_empty()).then(|| {
            let mut valid = BooleanBufferBuilder::new(self.values.len());
            valid.append_n(self.values.len(), true);
            self.nulls.iter().for_each(|at| valid.set_bit(*at, false));
            NullBuffer::new(valid.finish())
        });
        let array = PrimitiveArray::<T>::new(self.values.into(), validity);
        Ok(Arc::new(array.with_data_type(arrow_type(&data_type.logical))))
    }
}

/// Results of text.
pub struct Texts(StringBuilder);

impl Results for Texts {
    type Item = Arc<str>;

    fn with_capacity(capacity: usize) -> Self {
        Self(StringBuilder::with_capacity(capacity, capacity * TEXT))
    }

    fn push(&mut self, item: Option<Arc<str>>) {
        self.0.append_option(item);
    }

    fn finish(mut self, _data_type: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(self.0.finish()))
    }
}

impl Results for Vec<Value> {
    type Item = Value;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity(capacity)
    }

    fn push(&mut self, item: Option<Value>) {
        Self::push(self, item.unwrap_or(Value::Null));
    }

    fn finish(self, data_type: &DataType) -> Result<ArrayRef> {
        array_of(data_type, &self)
    }
}

/// An accumulator made of a fold.
pub struct Grouped<F: Fold> {
    fold: F,
    groups: Vec<F::Group>,
    result: DataType,
}

impl<F: Fold> Grouped<F> {
    /// An accumulator without groups, with results of this type.
    pub fn new(fold: F, result: DataType) -> Self {
        Self { fold, groups: Vec::new(), result }
    }
}

/// What a row does to its group: adds (`Some(true)`), takes away, or nothing.
type Effect = Option<bool>;

impl<F: Fold> Grouped<F> {
    /// Gives each row to `each`, with what it does. The kinds of batches have loops of their own.
    #[inline]
    fn for_rows(
        &mut self,
        rows: &GroupedRows<'_>,
        mut each: impl FnMut(&mut Self, u32, usize, Effect) -> Result<()>,
    ) -> Result<()> {
        let GroupedRows { groups, filter, retracts, .. } = *rows;
        let mut all = groups.iter().copied().enumerate();
        let adds = |row: usize| !retracts.is_some_and(|retracts| retracts[row]);
        match filter {
            None if retracts.is_none() => {
                all.try_for_each(|(row, group)| each(self, group, row, Some(true)))
            }
            None => all.try_for_each(|(row, group)| each(self, group, row, Some(adds(row)))),
            Some(filter) => {
                let (values, nulls) = (filter.values(), filter.nulls());
                let counts = |row| values.value(row) && nulls.is_none_or(|n| n.is_valid(row));
                all.try_for_each(|(row, group)| {
                    each(self, group, row, counts(row).then(|| adds(row)))
                })
            }
        }
    }

    #[inline]
    fn apply(
        &mut self,
        group: u32,
        input: &F::Input<'_>,
        row: usize,
        effect: Effect,
    ) -> Result<()> {
        let Some(adds) = effect else { return Ok(()) };
        let group = &mut self.groups[group as usize];
        self.fold.apply(group, input, row, adds);
        self.fold.refusal(group).map_or(Ok(()), Err)
    }
}

impl<F: Fold> Accumulator for Grouped<F> {
    fn grow(&mut self, groups: usize) {
        if groups > self.groups.len() {
            self.groups.resize(groups, self.fold.empty());
        }
    }

    fn accumulate(&mut self, rows: GroupedRows<'_>) -> Result<()> {
        let input = self.fold.input(rows.args)?;
        self.for_rows(&rows, |this, group, row, effect| this.apply(group, &input, row, effect))
    }

    fn accumulate_running(&mut self, rows: GroupedRows<'_>) -> Result<ArrayRef> {
        let input = self.fold.input(rows.args)?;
        let mut results = F::Results::with_capacity(rows.groups.len() * 2);
        self.for_rows(&rows, |this, group, row, effect| {
            results.push(this.fold.result(&this.groups[group as usize]));
            this.apply(group, &input, row, effect)?;
            results.push(this.fold.result(&this.groups[group as usize]));
            Ok(())
        })?;
        results.finish(&self.result)
    }

    fn evaluate(&self, groups: &[u32]) -> Result<ArrayRef> {
        let mut results = F::Results::with_capacity(groups.len());
        for group in groups {
            results.push(self.fold.result(&self.groups[*group as usize]));
        }
        results.finish(&self.result)
    }

    fn merge(&mut self, into: &[u32], from: &[u32]) -> Result<()> {
        for (into, from) in into.iter().zip(from) {
            let from = self.groups[*from as usize].clone();
            self.fold.merge(&mut self.groups[*into as usize], &from);
        }
        Ok(())
    }

    fn pack(&self, groups: &[u32], buffers: &[Buffer]) -> Result<Option<Vec<ArrayRef>>> {
        self.fold.pack(groups.iter().map(|g| &self.groups[*g as usize]), buffers).transpose()
    }

    fn merge_packed(&mut self, groups: &[u32], columns: &[ArrayRef]) -> Result<bool> {
        let merged = self.fold.merge_packed(&mut self.groups, groups, columns).transpose()?;
        Ok(merged.is_some())
    }

    fn clear(&mut self, group: u32) {
        self.groups[group as usize] = self.fold.empty();
    }

    fn state(&self, group: u32) -> Vec<Value> {
        self.fold.save(&self.groups[group as usize])
    }

    fn restore(&mut self, group: u32, state: &[Value]) -> Result<()> {
        let loaded = self.fold.load(state);
        self.groups[group as usize] = loaded.ok_or_else(|| Error::new("state-not-readable"))?;
        Ok(())
    }
}

/// The column of the only argument, as an array of a type.
///
/// # Errors
/// `column-not-made` if it is of another type.
pub fn column<T: 'static>(arguments: &[ArrayRef]) -> Result<&T> {
    column_at(arguments, 0)
}

/// One of some columns, as an array of a type.
///
/// # Errors
/// `column-not-made` if it is of another type.
pub fn column_at<T: 'static>(columns: &[ArrayRef], place: usize) -> Result<&T> {
    let column = columns.get(place).and_then(|a| a.as_any().downcast_ref());
    column.ok_or_else(|| Error::new("column-not-made").arg("reason", "argument of another type"))
}

/// A column of values of a fixed width.
///
/// # Errors
/// As [`Results::finish`].
pub fn packed<T: ArrowPrimitiveType>(
    items: impl ExactSizeIterator<Item = Option<T::Native>>,
    data_type: &DataType,
) -> Result<ArrayRef> {
    let mut results = Primitives::<T>::with_capacity(items.len());
    items.for_each(|item| results.push(item));
    results.finish(data_type)
}
