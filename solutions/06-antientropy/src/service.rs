//! The generated trait, answered by what stands in the other files.

use std::pin::pin;

use proto::antientropy::v1::sync_message::Message as Kind;
use proto::antientropy::v1::{Open, RunSessionRequest, RunSessionResponse, SyncMessage};
use rpc::antientropy::v1::anti_entropy_server;
use store::ReplicaId;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use transcript::{Ends, Incoming, Outgoing};

use crate::answer::{Answer, BUFFER};
use crate::session::STREAM;
use crate::{AntiEntropy, Error, Side, Ticker, describe};

/// The service of anti-entropy. Cheap to clone.
#[derive(Clone)]
pub struct Service(AntiEntropy);
