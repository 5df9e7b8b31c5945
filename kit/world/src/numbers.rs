//! The numbers that replicas go by among themselves. In an old fleet, ids and counters are large ones.

use crate::facts::{Data, Loss, Outcome, Record, Vector, Version};

/// Replicas have their number in the schedule and so much more, and so do the first of their writes. All that is told
/// of them outside has the number of the schedule: this translates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// What ids and counters come after.
    pub after: u64,
}

impl Numbers {
    /// What a replica of the schedule calls itself.
    pub fn id(self, replica: u64) -> u64 {
        self.after + replica
    }

    /// Who calls itself so; a number that no replica has where none does.
    pub fn replica(self, id: u64) -> u64 {
        id.wrapping_sub(self.after)
    }

    pub fn version(self, Version { counter, replica }: Version) -> Version {
        Version { counter, replica: self.replica(replica) }
    }

    pub fn outcome(self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Acknowledged(version) => Outcome::Acknowledged(self.version(version)),
            other => other,
        }
    }

    pub fn vector(self, vector: Vector) -> Vector {
        vector.into_iter().map(|(id, counter)| (self.replica(id), counter)).collect()
    }

    pub fn loss(self, Loss { key, lost, winner }: Loss) -> Loss {
        Loss { key, lost: self.version(lost), winner: self.version(winner) }
    }

    pub fn data(self, mut data: Data) -> Data {
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
        let numbers = Numbers { after: 1 << 40 };
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
