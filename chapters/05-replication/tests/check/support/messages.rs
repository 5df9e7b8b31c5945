//! Messages of a stream, as a test sends them in the place of a replica.

use proto::replication::v1::replicate_request::Message as Request;
use proto::replication::v1::replicate_response::Message as Response;
use proto::replication::v1::{Ack, Begin, Change, Progress, ReplicateRequest, ReplicateResponse, Resume};
use store::Object;

use super::key;

/// Replica 1 begins a stream to replica 2.
pub fn begin(cut: u64, clock: u64) -> Begin {
    Begin { protocol: 1, from: 1, to: 2, cut, clock }
}

pub fn change(sequence: u64, name: &str, object: Object) -> ReplicateRequest {
    let key = key(name);
    let (namespace, key) = (key.namespace().to_vec(), key.key().to_vec());
    let value = object.value().unwrap_or_default().to_vec();
    let object = Some(proto::object::v1::Object { metadata: Some(object.metadata()), value });
    request(Request::Change(Change { sequence, namespace, key, object }))
}

pub fn progress(sequence: u64) -> ReplicateRequest {
    progress_of(sequence, sequence)
}

/// Of a replica 1 that says that it knows its own writes up to `known`.
pub fn progress_of(sequence: u64, known: u64) -> ReplicateRequest {
    let knowledge = vec![proto::object::v1::Version { counter: known, replica: 1 }];
    request(Request::Progress(Progress { sequence, knowledge }))
}

pub fn request(message: Request) -> ReplicateRequest {
    ReplicateRequest { message: Some(message) }
}

pub fn resume(after: u64, credit: u32) -> ReplicateResponse {
    ReplicateResponse { message: Some(Response::Resume(Resume { after, credit })) }
}

pub fn ack(sequence: u64, credit: u32) -> ReplicateResponse {
    ReplicateResponse { message: Some(Response::Ack(Ack { sequence, credit })) }
}
