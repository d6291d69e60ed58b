//! What an operator reads. Copies of a tree share it: there are as many copies of what is below as there are
//! ways to do what is above.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::physical::PhysicalNode;

/// The inputs of an operator, in order. Cheap to clone; who changes them has them alone from then on.
#[derive(Clone, Debug, Default)]
pub struct Inputs(Arc<Vec<PhysicalNode>>);

impl Deref for Inputs {
    type Target = Vec<PhysicalNode>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Inputs {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl From<Vec<PhysicalNode>> for Inputs {
    fn from(inputs: Vec<PhysicalNode>) -> Self {
        Self(Arc::new(inputs))
    }
}

impl<const N: usize> From<[PhysicalNode; N]> for Inputs {
    fn from(inputs: [PhysicalNode; N]) -> Self {
        Vec::from(inputs).into()
    }
}

impl From<Inputs> for Vec<PhysicalNode> {
    fn from(inputs: Inputs) -> Self {
        Arc::unwrap_or_clone(inputs.0)
    }
}

impl FromIterator<PhysicalNode> for Inputs {
    fn from_iter<I: IntoIterator<Item = PhysicalNode>>(inputs: I) -> Self {
        Vec::from_iter(inputs).into()
    }
}

impl IntoIterator for Inputs {
    type Item = PhysicalNode;
    type IntoIter = std::vec::IntoIter<PhysicalNode>;

    fn into_iter(self) -> Self::IntoIter {
        Vec::from(self).into_iter()
    }
}

impl<'a> IntoIterator for &'a Inputs {
    type Item = &'a PhysicalNode;
    type IntoIter = std::slice::Iter<'a, PhysicalNode>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a mut Inputs {
    type Item = &'a mut PhysicalNode;
    type IntoIter = std::slice::IterMut<'a, PhysicalNode>;

    fn into_iter(self) -> Self::IntoIter {
        self.deref_mut().iter_mut()
    }
}
