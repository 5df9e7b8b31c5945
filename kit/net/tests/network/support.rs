//! A replica that acknowledges what it hears, and keeps a diary.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proto::replication::v1::{Ack, Progress, ReplicateRequest, ReplicateResponse};
use proto::replication::v1::{replicate_request, replicate_response};
use rpc::replication::v1::replication_client::ReplicationClient;
use rpc::replication::v1::replication_server::{Replication, ReplicationServer};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Request, Response, Status, Streaming};

/// What happened, each with its time in milliseconds.
#[derive(Clone)]
pub struct Diary(Arc<Mutex<Vec<String>>>, Instant);

impl Diary {
    pub fn new() -> Self {
        Self(Arc::default(), Instant::now())
    }

    pub fn write(&self, words: &str) {
        self.0.lock().unwrap().push(format!("{} {words}", self.now()));
    }

    pub fn now(&self) -> u128 {
        self.1.elapsed().as_millis()
    }

    pub fn read(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

struct Echo {
    name: &'static str,
    diary: Diary,
}

#[tonic::async_trait]
impl Replication for Echo {
    type ReplicateStream = Pin<Box<dyn Stream<Item = Result<ReplicateResponse, Status>> + Send>>;

    async fn replicate(
        &self,
        request: Request<Streaming<ReplicateRequest>>,
    ) -> Result<Response<Self::ReplicateStream>, Status> {
        let stream = Served { name: self.name, diary: self.diary.clone() };
        Ok(Response::new(Box::pin(request.into_inner().map(move |message| match message {
            Ok(ReplicateRequest { message: Some(replicate_request::Message::Progress(progress)) }) => {
                stream.diary.write(&format!("{} hears {}", stream.name, progress.sequence));
                let ack = Ack { sequence: progress.sequence, credit: 0 };
                Ok(ReplicateResponse { message: Some(replicate_response::Message::Ack(ack)) })
            }
            Ok(_) => Err(Status::invalid_argument("only progress is acknowledged")),
            Err(status) => Err(status),
        }))))
    }
}

/// Says when the server is done with a stream.
struct Served {
    name: &'static str,
    diary: Diary,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.diary.write(&format!("{} is done", self.name));
    }
}

/// The routes of a replica that acknowledges.
pub fn echo(name: &'static str, diary: &Diary) -> Routes {
    Routes::new(ReplicationServer::new(Echo { name, diary: diary.clone() }))
}

/// A stream to such a replica.
pub struct Talk {
    sender: mpsc::Sender<ReplicateRequest>,
    answers: Streaming<ReplicateResponse>,
}

impl Talk {
    pub async fn open(channel: Channel) -> Result<Self, Status> {
        let (sender, receiver) = mpsc::channel(16);
        let stream = ReceiverStream::new(receiver);
        let answers = ReplicationClient::new(channel).replicate(stream).await?.into_inner();
        Ok(Self { sender, answers })
    }

    pub async fn say(&self, sequence: u64) {
        let progress = Progress { sequence, knowledge: Vec::new() };
        let message = Some(replicate_request::Message::Progress(progress));
        self.sender.send(ReplicateRequest { message }).await.unwrap();
    }

    pub async fn hear(&mut self) -> Result<u64, Status> {
        match self.answers.message().await? {
            Some(ReplicateResponse { message: Some(replicate_response::Message::Ack(ack)) }) => {
                Ok(ack.sequence)
            }
            other => Err(Status::internal(format!("{other:?}"))),
        }
    }
}

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// How many tasks there are.
pub fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}
