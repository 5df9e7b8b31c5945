//! Messages for streams, and their labels.

use std::time::Duration;

use proto::replication::v1::{Ack, Progress, ReplicateRequest, ReplicateResponse};
use proto::replication::v1::{replicate_request, replicate_response};

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

pub fn asked(message: &ReplicateRequest) -> String {
    match &message.message {
        Some(replicate_request::Message::Progress(progress)) => format!("progress {}", progress.sequence),
        other => format!("{other:?}"),
    }
}

pub fn answered(message: &ReplicateResponse) -> String {
    match &message.message {
        Some(replicate_response::Message::Ack(ack)) => format!("ack {}", ack.sequence),
        other => format!("{other:?}"),
    }
}

pub fn progress(sequence: u64) -> ReplicateRequest {
    let progress = Progress { sequence, knowledge: Vec::new() };
    ReplicateRequest { message: Some(replicate_request::Message::Progress(progress)) }
}

pub fn ack(sequence: u64) -> ReplicateResponse {
    let ack = Ack { sequence, credit: 0 };
    ReplicateResponse { message: Some(replicate_response::Message::Ack(ack)) }
}
