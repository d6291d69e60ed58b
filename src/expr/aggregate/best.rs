//! The best value so far, which is all that MIN and MAX keep of rows that only come.

use std::cmp::Ordering;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray, StringArray};
use arrow::datatypes::{
    DataType as ArrowType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, Time32MillisecondType, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType,
};

use super::accumulator::Accumulator;
use super::extreme::any_column;
use super::fold::{Fold, Grouped, Primitives, Results, Texts, column, packed};
use super::partial::Buffer;
use crate::base::Result;
use crate::data::arrow::{array_of, arrow_type};
use crate::data::order::compare;
use crate::data::{DataType, Value, value_at};

/// The accumulator of the least or the greatest value of a type.
pub(super) fn best(argument: DataType, wanted: Ordering, result: DataType) -> Box<dyn Accumulator> {
    macro_rules! of_width {
        ($type:ty) => {
            Box::new(Grouped::new(
                BestNumber::<$type> { argument, wanted, number: PhantomData },
                result,
            ))
        };
    }
    match arrow_type(&argument.logical) {
        ArrowType::Int8 => of_width!(Int8Type),
        ArrowType::Int16 => of_width!(Int16Type),
        ArrowType::Int32 => of_width!(Int32Type),
        ArrowType::Int64 => of_width!(Int64Type),
        ArrowType::Float32 => of_width!(Float32Type),
        ArrowType::Float64 => of_width!(Float64Type),
        ArrowType::Decimal128(..) => of_width!(Decimal128Type),
        ArrowType::Date32 => of_width!(Date32Type),
        ArrowType::Time32(TimeUnit::Millisecond) => of_width!(Time32MillisecondType),
        ArrowType::Timestamp(TimeUnit::Millisecond, _) => of_width!(TimestampMillisecondType),
        ArrowType::Timestamp(TimeUnit::Microsecond, _) => of_width!(TimestampMicrosecondType),
        ArrowType::Timestamp(TimeUnit::Nanosecond, _) => of_width!(TimestampNanosecondType),
        ArrowType::Utf8 => Box::new(Grouped::new(BestText { wanted }, result)),
        _ => Box::new(Grouped::new(BestValue { argument, wanted }, result)),
    }
}

/// Of values of a fixed width.
struct BestNumber<T> {
    argument: DataType,
    wanted: Ordering,
    number: PhantomData<fn() -> T>,
}

impl<T: ArrowPrimitiveType> BestNumber<T> {
    /// As Flink compares numbers here: NaN is neither above nor below another.
    #[inline]
    fn take(&self, best: &mut Option<T::Native>, value: T::Native) {
        if best.is_none_or(|best| value.partial_cmp(&best) == Some(self.wanted)) {
            *best = Some(value);
        }
    }
}

impl<T: ArrowPrimitiveType> Fold for BestNumber<T> {
    type Group = Option<T::Native>;
    type Input<'a> = &'a PrimitiveArray<T>;
    type Results = Primitives<T>;

    fn empty(&self) -> Self::Group {
        None
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a PrimitiveArray<T>> {
        column(arguments)
    }

    #[inline]
    fn apply(&self, best: &mut Self::Group, input: &Self::Input<'_>, row: usize, _adds: bool) {
        if input.is_valid(row) {
            self.take(best, input.value(row));
        }
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        if let Some(value) = from {
            self.take(into, *value);
        }
    }

    #[inline]
    fn result(&self, best: &Self::Group) -> Option<T::Native> {
        *best
    }

    fn save(&self, best: &Self::Group) -> Vec<Value> {
        let array = PrimitiveArray::<T>::from_iter([*best]);
        let array: ArrayRef = Arc::new(array.with_data_type(arrow_type(&self.argument.logical)));
        vec![value_at(&array, &self.argument, 0)]
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        let [best] = state else { return None };
        let nullable = DataType::nullable(self.argument.logical.clone());
        let array = array_of(&nullable, std::slice::from_ref(best)).ok()?;
        let array = array.as_primitive_opt::<T>()?;
        Some(array.is_valid(0).then(|| array.value(0)))
    }

    fn pack<'a>(
        &self,
        groups: impl ExactSizeIterator<Item = &'a Self::Group> + Clone,
        buffers: &[Buffer],
    ) -> Option<Result<Vec<ArrayRef>>>
    where
        Self: 'a,
    {
        let [buffer] = buffers else { return None };
        let best = packed::<T>(groups.copied(), &buffer.data_type);
        Some(best.map(|best| vec![best]))
    }

    fn merge_packed(
        &self,
        groups: &mut [Self::Group],
        into: &[u32],
        columns: &[ArrayRef],
    ) -> Option<Result<()>> {
        Some(apply_each(self, groups, into, columns))
    }
}

/// Of texts, in the order of their bytes.
struct BestText {
    wanted: Ordering,
}

impl BestText {
    fn is_better(&self, text: &str, best: Option<&Arc<str>>) -> bool {
        best.is_none_or(|best| text.cmp(best) == self.wanted)
    }
}

impl Fold for BestText {
    type Group = Option<Arc<str>>;
    type Input<'a> = &'a StringArray;
    type Results = Texts;

    fn empty(&self) -> Self::Group {
        None
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a StringArray> {
        column(arguments)
    }

    fn apply(&self, best: &mut Self::Group, input: &Self::Input<'_>, row: usize, _adds: bool) {
        if input.is_valid(row) && self.is_better(input.value(row), best.as_ref()) {
            *best = Some(input.value(row).into());
        }
    }

    fn merge(&self, into: &mut Self::Group, from: &Self::Group) {
        if let Some(text) = from.as_ref().filter(|text| self.is_better(text, into.as_ref())) {
            *into = Some(text.clone());
        }
    }

    fn result(&self, best: &Self::Group) -> Option<Arc<str>> {
        best.clone()
    }

    fn save(&self, best: &Self::Group) -> Vec<Value> {
        vec![best.clone().map_or(Value::Null, Value::String)]
    }

    fn load(&self, state: &[Value]) -> Option<Self::Group> {
        match state {
            [Value::Null] => Some(None),
            [Value::String(text)] => Some(Some(text.clone())),
            _ => None,
        }
    }

    fn pack<'a>(
        &self,
        groups: impl ExactSizeIterator<Item = &'a Self::Group> + Clone,
        buffers: &[Buffer],
    ) -> Option<Result<Vec<ArrayRef>>> {
        let [buffer] = buffers else { return None };
        let mut texts = Texts::with_capacity(groups.len());
        groups.for_each(|text| texts.push(text.clone()));
        Some(texts.finish(&buffer.data_type).map(|texts| vec![texts]))
    }

    fn merge_packed(
        &self,
        groups: &mut [Self::Group],
        into: &[u32],
        columns: &[ArrayRef],
    ) -> Option<Result<()>> {
        Some(apply_each(self, groups, into, columns))
    }
}

/// The best value travels as the value that it is, and comes as any other.
fn apply_each<F: Fold>(
    fold: &F,
    groups: &mut [F::Group],
    into: &[u32],
    columns: &[ArrayRef],
) -> Result<()> {
    let input = fold.input(columns)?;
    for (row, group) in into.iter().enumerate() {
        fold.apply(&mut groups[*group as usize], &input, row, true);
    }
    Ok(())
}

/// Of what has neither a fixed width nor is text.
struct BestValue {
    argument: DataType,
    wanted: Ordering,
}

impl BestValue {
    fn take(&self, best: &mut Value, value: Value) {
        let better = *best == Value::Null || compare(&value, best) == self.wanted;
        if value != Value::Null && better {
            *best = value;
        }
    }
}

impl Fold for BestValue {
    type Group = Value;
    type Input<'a> = &'a ArrayRef;
    type Results = Vec<Value>;

    fn empty(&self) -> Value {
        Value::Null
    }

    fn input<'a>(&self, arguments: &'a [ArrayRef]) -> Result<&'a ArrayRef> {
        any_column(arguments)
    }

    fn apply(&self, best: &mut Value, input: &&ArrayRef, row: usize, _adds: bool) {
        self.take(best, value_at(input, &self.argument, row));
    }

    fn merge(&self, into: &mut Value, from: &Value) {
        self.take(into, from.clone());
    }

    fn result(&self, best: &Value) -> Option<Value> {
        Some(best.clone())
    }

    fn save(&self, best: &Value) -> Vec<Value> {
        vec![best.clone()]
    }

    fn load(&self, state: &[Value]) -> Option<Value> {
        match state {
            [best] => Some(best.clone()),
            _ => None,
        }
    }
}
