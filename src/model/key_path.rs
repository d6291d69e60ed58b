//! From a key to its subtask, one step a line: "why this subtask?".

use super::cells::type_of;
use super::job::Job;
use crate::base::VertexId;
use crate::data::key::{java_hash_code, key_group, operator_index, sql_hash};
use crate::data::{DataType, Value};

/// The arithmetic of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPath {
    /// Who hashed it.
    pub hasher: Hasher,
    /// The hash of the key.
    pub hash: i32,
    /// The hash as Flink mixes it (murmur), not negative.
    pub mixed: i32,
    /// How many key groups there are.
    pub key_groups: u16,
    /// The group: the mixed hash modulo the number of groups.
    pub key_group: u16,
    /// How many subtasks share the groups.
    pub parallelism: u32,
    /// The owner of the group: group × parallelism ÷ groups.
    pub subtask: u32,
}

/// Who hashes a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hasher {
    /// Java's `hashCode`: the DataStream API.
    Java,
    /// Flink's binary key row: SQL.
    BinaryRow,
}

impl KeyPath {
    /// The way of a key into a vertex. Which API hashed it follows from the group that the cluster
    /// reports; `None` if neither explains it (the key's type is not that of its values).
    pub fn new(job: &Job, vertex: VertexId, key: &[Value], reported: u16) -> Option<Self> {
        let parallelism = job.vertex(vertex)?.parallelism;
        let key_groups = job.graph.key_groups.max(1);
        let java = match key {
            [single] => java_hash_code(single),
            several => java_hash_code(&Value::Row(several.into())),
        };
        let types: Vec<_> = key.iter().map(|value| DataType::nullable(type_of(value))).collect();
        let candidates = [(Hasher::Java, java), (Hasher::BinaryRow, sql_hash(&types, key))];
        let explains = |(_, hash): &(Hasher, i32)| key_group(*hash, key_groups) == reported;
        let (hasher, hash) = candidates.into_iter().find(explains)?;
        Some(Self {
            hasher,
            hash,
            mixed: crate::data::key::spread(hash),
            key_groups,
            key_group: reported,
            parallelism,
            subtask: operator_index(reported, parallelism, key_groups),
        })
    }
}
