//! The numbers that replicas go by among themselves. In an old fleet, ids and counters are large ones.

use serde::{Deserialize, Serialize};

use crate::facts::{Data, Loss, Outcome, Record, Vector, Version};

/// Replicas call each other by other numbers than the schedule does; so that nothing else has to know of it, all that
/// is told of them is translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// What ids come after, and counters where a clock can begin there.
    pub after: u64,
    /// How far the ids of one replica and the next lie apart; 1 or more.
    pub apart: u64,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { after: 0, apart: 1 }
    }
}

impl Numbers {
    /// What a replica of the schedule calls itself.
    pub(crate) fn id(self, replica: u64) -> u64 {
        self.after + replica * self.apart
    }

    /// Who calls itself so; a number that no replica has where none does.
    pub(crate) fn replica(self, id: u64) -> u64 {
        let number = id.wrapping_sub(self.after);
        if number.is_multiple_of(self.apart) { number / self.apart } else { u64::MAX }
    }

    pub(crate) fn version(self, Version { counter, replica }: Version) -> Version {
        Version { counter, replica: self.replica(replica) }
    }

    pub(crate) fn outcome(self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Acknowledged(version) => Outcome::Acknowledged(self.version(version)),
            other => other,
        }
    }

    pub(crate) fn vector(self, vector: Vector) -> Vector {
        vector.into_iter().map(|(id, counter)| (self.replica(id), counter)).collect()
    }

    pub(crate) fn loss(self, Loss { key, lost, winner }: Loss) -> Loss {
        Loss { key, lost: self.version(lost), winner: self.version(winner) }
    }

    pub(crate) fn data(self, mut data: Data) -> Data {
        for Record { metadata, .. } in data.values_mut() {
            let versions =
                metadata.version.iter_mut().chain(&mut metadata.parent).chain(&mut metadata.vector);
            versions.for_each(|version| version.replica = self.replica(version.replica));
        }
        data
    }
}

#[cfg(test)]
mod tests {
    use proto::object::v1;

    use super::*;

    #[test]
    fn all_that_names_a_replica_is_translated() {
        let numbers = Numbers { after: 1 << 40, apart: 1_000 };
        let wire = |replica| v1::Version { counter: 5, replica };
        let object = |one, two| v1::Metadata {
            version: Some(wire(one)),
            parent: Some(wire(two)),
            vector: vec![wire(one), wire(two)],
            ..v1::Metadata::default()
        };
        let data = |metadata| Data::from([("key".to_owned(), Record { value: None, metadata })]);
        let (one, two) = (numbers.id(1), numbers.id(2));
        assert_eq!(numbers.data(data(object(one, two))), data(object(1, 2)));

        let version = |replica| Version { counter: 5, replica };
        let loss =
            |lost, winner| Loss { key: "key".to_owned(), lost: version(lost), winner: version(winner) };
        assert_eq!(numbers.loss(loss(one, two)), loss(1, 2));
        assert_eq!(numbers.outcome(Outcome::Acknowledged(version(one))), Outcome::Acknowledged(version(1)));
        assert_eq!(numbers.vector(Vector::from([(one, 7)])), Vector::from([(1, 7)]));
    }
}
