//! The order in which a Java `HashMap` gives its keys, where a user sees it: MAP_KEYS of a map that was read
//! from JSON, what COLLECT has collected.

use super::java_hash::java_hash_code;
use super::murmur::hash_bytes;
use crate::data::row::Value;

/// How many buckets a map has at first.
const BUCKETS: usize = 16;

/// Puts the entries of a map whose keys are texts, all different, in the order of its buckets. In a bucket
/// they stay as they came.
pub fn sort_by_bucket<T>(entries: &mut [T], key: impl Fn(&T) -> &str) {
    sort_by_hash(entries, BUCKETS, |entry| hash_bytes(key(entry).as_bytes()));
}

/// As [`sort_by_bucket`], of a map that was made for so many keys, and whose keys are Java's own strings.
pub fn sort_strings_by_bucket<T>(entries: &mut [T], room: usize, key: impl Fn(&T) -> &Value) {
    sort_by_hash(entries, room.next_power_of_two(), |entry| java_hash_code(key(entry)));
}

/// As [`sort_by_bucket`], for keys of any one type. Flink hashes its texts and bytes by what they are in
/// memory, and keys that hold others by all of that: those stay as they came.
pub fn sort_values_by_bucket<T>(entries: &mut [T], key: impl Fn(&T) -> &Value) {
    let nested = |v: &Value| matches!(v, Value::Array(_) | Value::Map(_) | Value::Row(_));
    if !entries.iter().any(|entry| nested(key(entry))) {
        sort_by_hash(entries, BUCKETS, |entry| match key(entry) {
            Value::String(text) => hash_bytes(text.as_bytes()),
            value => java_hash_code(value),
        });
    }
}

fn sort_by_hash<T>(entries: &mut [T], mut buckets: usize, hash: impl Fn(&T) -> i32) {
    while entries.len() > buckets * 3 / 4 {
        buckets *= 2;
    }
    entries.sort_by_key(|entry| {
        let hash = hash(entry).cast_unsigned();
        (hash ^ (hash >> 16)) as usize & (buckets - 1)
    });
}

#[cfg(test)]
mod tests {
    use super::sort_by_bucket;

    #[test]
    fn keys_come_in_the_order_of_their_buckets() {
        let mut keys = ["room", "floor"];
        sort_by_bucket(&mut keys, |key| key);
        assert_eq!(keys, ["floor", "room"]);
    }
}
