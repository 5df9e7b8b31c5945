//! Single reads and writes, for unary calls and sessions alike.

use proto::kv::v1::{
    DeleteRequest, DeleteResponse, GetRequest, GetResponse, PutRequest, PutResponse, ReturnOptions,
};
use store::Store;

use crate::request::{entry, key};
use crate::{Error, Metrics};

/// The store, as single requests see it.
#[derive(Clone)]
pub struct Access {
    pub store: Store,
    pub metrics: Metrics,
}

impl Access {
    // exercise 2.2: Answer get, put and delete
    //
    // Each handler makes a key of what the request names (`key` checks it), asks the store, tells
    // the metrics what was read or written (`read`, `wrote`), and makes the answer. A tombstone is
    // NotFound, unless the options ask for tombstones; `entry` returns of an object what the
    // options ask for. A deletion that found nothing to delete is a success without metadata.
    /// Reads one object.
    pub async fn get(&self, request: GetRequest) -> Result<GetResponse, Error> {
        todo!("exercise 2.2: Answer get, put and delete")
    }

    /// Sets one value.
    pub async fn put(&self, request: PutRequest) -> Result<PutResponse, Error> {
        todo!("exercise 2.2: Answer get, put and delete")
    }

    /// Deletes one object.
    pub async fn delete(&self, request: DeleteRequest) -> Result<DeleteResponse, Error> {
        todo!("exercise 2.2: Answer get, put and delete")
    }
    // end exercise 2.2
}
