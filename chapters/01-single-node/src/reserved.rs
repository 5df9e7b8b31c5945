//! The namespaces that replicas keep for themselves, and which layer owns each.
//!
//! Their contents decide what a replica does: whom it dials, for example. So the layer that owns
//! one checks what other replicas send for it, whichever way it arrives.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::store::Shared;
use crate::{BadObject, Key, Object, Store, check_metadata};

/// The owners of the reserved namespaces, by name.
pub(crate) type Keepers = RwLock<BTreeMap<&'static str, Arc<dyn Reserved>>>;

/// A layer that owns a reserved namespace. A function is one with room for everything that it lets
/// pass.
pub trait Reserved: Send + Sync + 'static {
    /// Whether the namespace may hold `object` under `key`, here or anywhere.
    ///
    /// # Errors
    /// Says what may not be.
    fn vet(&self, key: &Key, object: &Object) -> Result<(), BadObject>;

    /// Whether there is room here for `object`, which is about to be stored.
    fn takes(&self, _key: &Key, _object: &Object) -> bool {
        true
    }
}

impl<F: Fn(&Key, &Object) -> Result<(), BadObject> + Send + Sync + 'static> Reserved for F {
    fn vet(&self, key: &Key, object: &Object) -> Result<(), BadObject> {
        self(key, object)
    }
}

impl Shared {
    pub fn vet(&self, key: &Key, object: &Object) -> Result<(), BadObject> {
        match self.keeper(key) {
            Some(keeper) => keeper.vet(key, object),
            None if key.is_reserved() => Err(BadObject("nothing here keeps this reserved namespace")),
            None => Ok(()),
        }
    }

    pub fn takes(&self, key: &Key, object: &Object) -> bool {
        self.keeper(key).is_none_or(|keeper| keeper.takes(key, object))
    }

    /// The owner of the reserved namespace of `key`.
    fn keeper(&self, key: &Key) -> Option<Arc<dyn Reserved>> {
        if !key.is_reserved() {
            return None;
        }
        // Nothing panics while it holds the lock.
        let reserved = self.reserved.read().unwrap_or_else(PoisonError::into_inner);
        let mut keepers = reserved.iter();
        keepers.find(|(name, _)| name.as_bytes() == key.namespace()).map(|(_, keeper)| keeper.clone())
    }
}

impl Store {
    /// A layer owns the namespace `name`, which begins with [`RESERVED`](crate::RESERVED): what
    /// other replicas send for it has to pass `keeper`, whichever way it arrives.
    pub fn reserve(&self, name: &'static str, keeper: impl Reserved) {
        let mut reserved = self.shared.reserved.write().unwrap_or_else(PoisonError::into_inner);
        reserved.insert(name, Arc::new(keeper));
    }

    /// Whether another replica would accept that `key` holds `object`: checked before sending,
    /// because what an older program accepted stays on this disk.
    ///
    /// # Errors
    /// Says what may not be.
    pub fn may_send(&self, key: &Key, object: &Object) -> Result<(), BadObject> {
        check_metadata(&object.metadata()).and_then(|()| self.shared.vet(key, object))
    }
}
