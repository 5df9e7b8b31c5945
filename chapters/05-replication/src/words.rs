//! Messages in a few words, for diagrams and logs.

use merge::Knowledge;
use proto::replication::v1::replicate_request::Message as Request;
use proto::replication::v1::replicate_response::Message as Response;
use proto::replication::v1::{ReplicateRequest, ReplicateResponse};
use store::Version;

/// What a sender says.
pub fn request(request: &ReplicateRequest) -> String {
    match &request.message {
        Some(Request::Begin(begin)) => format!("begin, cut at {}, clock {}", begin.cut, begin.clock),
        Some(Request::Change(change)) => {
            let metadata = change.object.as_ref().and_then(|object| object.metadata.as_ref());
            let version = metadata.and_then(|metadata| metadata.version).map(Version::from);
            match version {
                Some(version) if version.counter == change.sequence => format!("change {version}"),
                Some(version) => format!("change {}, now {version}", change.sequence),
                None => format!("change {}, no object", change.sequence),
            }
        }
        Some(Request::Progress(progress)) => {
            let knowledge = Knowledge::try_from(&*progress.knowledge);
            let knows = knowledge.map_or_else(|error| error.to_string(), |known| known.to_string());
            format!("progress {}, knows {knows}", progress.sequence)
        }
        None => "nothing known".into(),
    }
}

/// What a receiver says.
pub fn response(response: &ReplicateResponse) -> String {
    match &response.message {
        Some(Response::Resume(resume)) => format!("resume after {}, credit {}", resume.after, resume.credit),
        Some(Response::Ack(ack)) => format!("ack {}, credit {}", ack.sequence, ack.credit),
        None => "nothing known".into(),
    }
}
