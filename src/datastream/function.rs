//! The functions that a program is made of.

use crate::base::Result;
use crate::state::StateValue;

/// Turns each value into none, one or many.
pub trait MapFunction<T, U>: Send {
    /// Handles one value; results go to `out`.
    fn map(&mut self, value: T, out: &mut Vec<U>) -> Result<()>;
}

/// Turns each value of a key into none, one or many, with the memory of its key.
pub trait KeyedProcessFunction<T, U>: Send {
    /// What is remembered for each key.
    type State: StateValue;

    /// Handles one value; results go to `out`.
    fn process(
        &mut self,
        value: T,
        state: &mut ValueState<Self::State>,
        out: &mut Vec<U>,
    ) -> Result<()>;
}

/// The state of the current key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueState<S> {
    value: Option<S>,
    changed: bool,
}

impl<S> ValueState<S> {
    pub(super) fn new(value: Option<S>) -> Self {
        Self { value, changed: false }
    }

    /// The value; `None` for a key that has none yet.
    pub fn value(&self) -> Option<&S> {
        self.value.as_ref()
    }

    /// Sets the value.
    pub fn update(&mut self, value: S) {
        self.value = Some(value);
        self.changed = true;
    }

    /// Forgets the value.
    pub fn clear(&mut self) {
        self.value = None;
        self.changed = true;
    }

    /// The new value, if the function touched it.
    pub(super) fn into_change(self) -> Option<Option<S>> {
        self.changed.then_some(self.value)
    }
}

/// A closure as a function; it is shared by all slots, so it keeps no memory of its own.
pub(super) struct Shared<F>(pub(super) F);

impl<T, U, F: Fn(T, &mut Vec<U>) + Send> MapFunction<T, U> for Shared<F> {
    fn map(&mut self, value: T, out: &mut Vec<U>) -> Result<()> {
        (self.0)(value, out);
        Ok(())
    }
}
