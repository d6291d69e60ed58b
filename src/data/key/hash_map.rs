//! The order in which a Java `HashMap` gives its keys, where a user sees it: MAP_KEYS of a map that was read
//! from JSON.

use super::murmur::hash_bytes;

/// How many buckets a map has at first.
const BUCKETS: usize = 16;

/// Puts the entries of a map whose keys are texts, all different, in the order of its buckets. In a bucket
/// they stay as they came.
pub fn sort_by_bucket<T>(entries: &mut [T], key: impl Fn(&T) -> &str) {
    let mut buckets = BUCKETS;
    while entries.len() > buckets / 4 * 3 {
        buckets *= 2;
    }
    entries.sort_by_key(|entry| {
        let hash = hash_bytes(key(entry).as_bytes()).cast_unsigned();
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
