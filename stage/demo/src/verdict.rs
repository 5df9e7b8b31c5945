//! Whether the replicas hold the same data.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Object;

/// All that a replica holds, by key.
pub type Held = BTreeMap<String, Object>;

/// The keys that are not the same at all of these.
///
/// A key is the same where all hold the same version of it. It is so too where no replica holds a value:
/// a tombstone is forgotten once every replica has it, at each in its own time, and whoever reads finds
/// nothing before and after.
pub fn differing<'a>(replicas: &[&'a Held]) -> Vec<&'a str> {
    let keys: BTreeSet<&String> = replicas.iter().flat_map(|held| held.keys()).collect();
    let differs = |key: &&String| {
        let objects: Vec<_> = replicas.iter().map(|held| held.get(*key)).collect();
        let read = objects.iter().any(|object| object.is_some_and(|object| !object.deleted));
        read && objects.windows(2).any(|pair| pair[0] != pair[1])
    };
    keys.into_iter().filter(differs).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held<const N: usize>(objects: [(&str, Option<&str>, u64); N]) -> Held {
        let object = |(key, value, counter): (&str, Option<&str>, u64)| {
            let (value, deleted) = (value.map(str::to_owned), value.is_none());
            (key.to_owned(), Object { value, counter, writer: 1, deleted })
        };
        objects.map(object).into()
    }

    #[test]
    fn the_same_everywhere() {
        let one = held([("apple", Some("red"), 5)]);
        assert!(differing(&[&one, &one.clone(), &one.clone()]).is_empty());
        assert!(differing(&[]).is_empty());
        assert!(differing(&[&held([]), &held([])]).is_empty());
    }

    #[test]
    fn a_missing_key_another_version_and_another_value_differ() {
        let one = held([("apple", Some("red"), 5), ("pear", Some("green"), 6), ("plum", Some("blue"), 7)]);
        let two = held([("apple", Some("red"), 4), ("plum", Some("black"), 7)]);
        assert_eq!(differing(&[&one, &one, &two]), ["apple", "pear", "plum"]);
    }

    #[test]
    fn a_tombstone_differs_from_a_value_and_not_from_nothing() {
        let value = held([("apple", Some("red"), 5)]);
        let tombstone = held([("apple", None, 6)]);
        let later = held([("apple", None, 7)]);
        let nothing = held([]);
        assert_eq!(differing(&[&value, &tombstone]), ["apple"]);
        assert_eq!(differing(&[&value, &nothing]), ["apple"]);
        assert!(differing(&[&tombstone, &nothing, &later]).is_empty());
    }
}
