//! Applies one object that another replica sent.

use std::cmp::Ordering;

use store::{Error, Key, Object, Version, Write};
use tracing::{error, info};

use crate::{Knowledge, Merge, Relation, Stamp, Stomp, order, relation, stomp};

/// The outcome for a received object. `New`, `Newer` and `Won` were stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applied {
    /// Nothing was held under the key.
    New,
    /// It is an update of what was held.
    Newer,
    /// It is older than what is held.
    Older,
    /// It is already held.
    Equal,
    /// Neither write knew of the other, and theirs is later: the one that was held is lost.
    Won,
    /// Neither write knew of the other, and ours is later: the one that was received is lost.
    Lost,
    /// It was deleted here, and the tombstone since collected.
    Echo,
    /// It has the version of what is held and is something else. Nothing was changed.
    Breach,
    /// Its counter is too large to be true. Nothing was changed.
    TooFarAhead,
    /// No correct replica holds this under this key, or a reserved namespace has no room for it. Nothing was
    /// changed, and no write of a client is missing.
    Refused,
}

impl Applied {
    pub(crate) const ALL: [Self; 10] = [
        Self::New,
        Self::Newer,
        Self::Older,
        Self::Equal,
        Self::Won,
        Self::Lost,
        Self::Echo,
        Self::Breach,
        Self::TooFarAhead,
        Self::Refused,
    ];

    /// The name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Newer => "newer",
            Self::Older => "older",
            Self::Equal => "equal",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Echo => "echo",
            Self::Breach => "breach",
            Self::TooFarAhead => "too_far_ahead",
            Self::Refused => "refused",
        }
    }

    /// Whether the object was stored.
    pub fn is_stored(self) -> bool {
        matches!(self, Self::New | Self::Newer | Self::Won)
    }
}

impl Merge {
    /// Applies what another replica holds under `key`, in the transaction of `write`, and counts
    /// the outcome.
    ///
    /// # Errors
    /// If a record cannot be read, or a layer refuses the object.
    pub fn apply(&self, write: &mut Write<'_, '_>, key: &Key, theirs: &Object) -> Result<Applied, Error> {
        // Read before the clock advances: the own entry is the clock.
        let mut known = self.knowledge_in(write)?;
        if key.is_reserved() {
            // Tombstones in the replicas' own namespaces are never forgotten, so nothing there is
            // an echo.
            known = Knowledge::default();
        }
        let applied = match write.vet(key, theirs) {
            // It comes again, by the means of the layer that owns the namespace.
            Ok(()) if !write.takes(key, theirs) => Applied::Refused,
            Ok(()) => {
                // Every write of this replica was made here, or it went back in time.
                write.check_own(key, theirs)?;
                match self.take_in(write, key, theirs, &known)? {
                    // It was known, and is lost: only a damaged record is left.
                    Applied::Echo if write.is_damaged(key) => {
                        write.store(key, None, theirs)?;
                        Applied::New
                    }
                    applied => applied,
                }
            }
            Err(what) => {
                error!(%key, version = %theirs.version, %what, "an object is not taken in");
                Applied::Refused
            }
        };
        if applied == Applied::TooFarAhead {
            error!(%key, version = %theirs.version, clock = write.clock(), "a version is too far ahead to be true");
        }
        if !matches!(applied, Applied::TooFarAhead | Applied::Refused) {
            self.saw(write, theirs)?;
        }
        self.metrics().applied(applied);
        Ok(applied)
    }

    /// Applies `theirs`, unless its version cannot be true. `known` is what was known before.
    fn take_in(
        &self,
        write: &mut Write<'_, '_>,
        key: &Key,
        theirs: &Object,
        known: &Knowledge,
    ) -> Result<Applied, Error> {
        // exercise 4.4: Observe what is received
        //
        // Whatever this replica writes from now on must be later than what it has received, or its
        // clients' writes lose against what they replaced. This code does not ensure that.
        // `write.observe` advances the clock to a version, stored or not, and says whether it did:
        // false means that the version is too far ahead to be true, and that the clock is
        // unchanged. Nothing of such an object may remain here: it is `TooFarAhead`. `decide`
        // handles the rest.
        // starter:
        // | self.decide(write, key, theirs, known)
        // end starter
        if !write.observe(theirs.version) {
            return Ok(Applied::TooFarAhead);
        }
        self.decide(write, key, theirs, known)
        // end exercise 4.4
    }

    /// Stores `theirs` if it is later than what is held.
    fn decide(
        &self,
        write: &mut Write<'_, '_>,
        key: &Key,
        theirs: &Object,
        known: &Knowledge,
    ) -> Result<Applied, Error> {
        // exercise 4.3: Apply if later
        //
        // Ask `write.current` what is held: nobody can write between that and what you store. If
        // nothing is held, it is new, or the echo of something that was deleted here and forgotten:
        // then `known` contains it, and it must stay away. If something is held, `order` alone
        // decides which of the two stays; `relation` says what to call it. If neither write knew of
        // the other, `keep` the one that loses, whichever it is. An object is stored exactly as
        // received. One version is one write: if the two objects still differ, return what `breach`
        // says, and store nothing.
        let Some(ours) = write.current(key)? else {
            if known.contains(theirs.version) {
                return Ok(Applied::Echo);
            }
            write.store(key, None, theirs)?;
            return Ok(Applied::New);
        };
        let concurrent = relation(&Stamp::from(&ours), &Stamp::from(theirs)) == Relation::Concurrent;
        match order(ours.version, theirs.version) {
            Ordering::Equal if ours == *theirs => Ok(Applied::Equal),
            Ordering::Equal => Ok(self.breach(key, &ours, theirs)),
            Ordering::Less => {
                if concurrent {
                    self.keep(write, key, &ours, theirs.version)?;
                }
                write.store(key, Some(&ours), theirs)?;
                Ok(if concurrent { Applied::Won } else { Applied::Newer })
            }
            Ordering::Greater if concurrent => {
                self.keep(write, key, theirs, ours.version)?;
                Ok(Applied::Lost)
            }
            Ordering::Greater => Ok(Applied::Older),
        }
        // end exercise 4.3
    }

    /// Keeps, counts and logs a write that was lost, once.
    fn keep(
        &self,
        write: &mut Write<'_, '_>,
        key: &Key,
        lost: &Object,
        winner: Version,
    ) -> Result<(), Error> {
        let stomp = Stomp { key: key.clone(), lost: lost.clone(), winner, at: self.now() };
        if stomp::keep(write, &stomp, self.options())? {
            self.metrics().stomp();
            info!(%key, lost = %lost.version, %winner, "a write was lost against a concurrent one");
        }
        Ok(())
    }

    /// Reports that two objects have one version.
    fn breach(&self, key: &Key, ours: &Object, theirs: &Object) -> Applied {
        error!(
            %key,
            version = %ours.version,
            differs = differences(ours, theirs).join(", "),
            "two writes have one version: replica {} gave it twice. Its directory is an older copy, \
             or two replicas have its id; start it with an empty directory, a new id and the addresses of others \
             (--seeds)",
            ours.version.replica
        );
        Applied::Breach
    }
}

fn differences(ours: &Object, theirs: &Object) -> Vec<&'static str> {
    let differ = [
        ("parent", ours.parent != theirs.parent),
        ("vector", ours.vector != theirs.vector),
        ("region", ours.region != theirs.region),
        ("owner", ours.owner != theirs.owner),
        ("tombstone", ours.is_tombstone() != theirs.is_tombstone()),
        ("value", ours.value() != theirs.value()),
    ];
    differ.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
