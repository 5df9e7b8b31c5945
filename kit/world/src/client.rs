//! What clients ask of a replica.

use std::net::SocketAddr;
use std::time::Duration;

use proto::kv::v1::{DeleteRequest, Entry, PutRequest, ReturnOptions, ScanRequest};
use proto::object::v1::Metadata;
use rpc::kv::v1::key_value_client::KeyValueClient;
use tokio::time::timeout;
use tonic::client::GrpcService;
use tonic::codegen::{Body, Bytes, StdError};
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status, body};

use crate::facts::{Data, Outcome, Record, Version};

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// A client of one replica. Clones share its connection.
#[derive(Clone, Debug)]
pub struct Client<T = Channel>(KeyValueClient<T>);

impl Client<Routes> {
    /// A client in the same process, with no connection between.
    pub fn within(routes: Routes) -> Self {
        Self(KeyValueClient::new(routes))
    }
}

impl Client {
    /// A client that connects when it is first used.
    ///
    /// # Errors
    /// Never, with an address that a replica serves on.
    pub fn new(address: SocketAddr) -> Result<Self, tonic::transport::Error> {
        let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
        Ok(Self::on(endpoint.connect_lazy()))
    }

    /// A client on a connection that somebody else made.
    pub fn on(channel: Channel) -> Self {
        Self(KeyValueClient::new(channel))
    }

    /// Sets a key, or deletes it where there is no value.
    pub async fn write(&mut self, key: &str, value: Option<&str>) -> Outcome {
        let (namespace, key) = (String::new(), key.as_bytes().to_vec());
        let written = match value {
            Some(value) => {
                let request = in_time(PutRequest { namespace, key, value: value.as_bytes().to_vec() });
                timeout(PATIENCE, self.0.put(request))
                    .await
                    .map(|answer| answer.map(|answer| answer.into_inner().metadata))
            }
            None => {
                let request = in_time(DeleteRequest { namespace, key });
                timeout(PATIENCE, self.0.delete(request))
                    .await
                    .map(|answer| answer.map(|answer| answer.into_inner().metadata))
            }
        };
        match written {
            Ok(Ok(Some(metadata))) => Outcome::Acknowledged(version(&metadata)),
            Ok(Ok(None)) => Outcome::Nothing,
            Ok(Err(status)) => Outcome::Unknown(format!("{:?}", status.code())),
            Err(_) => Outcome::Unknown("no answer".to_owned()),
        }
    }
}

impl<T> Client<T>
where
    T: GrpcService<body::Body, Error: Into<StdError>>,
    T::ResponseBody: Body<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
{
    /// All that the replica holds in the default namespace, tombstones too.
    ///
    /// # Errors
    /// Where the replica does not answer, or not to the end.
    pub async fn data(&mut self) -> Result<Data, Status> {
        let late = |_| Status::deadline_exceeded("the scan does not go on");
        let options = ReturnOptions { metadata: true, tombstones: true, ..ReturnOptions::default() };
        let request = ScanRequest { options: Some(options), ..ScanRequest::default() };
        let mut entries = timeout(PATIENCE, self.0.scan(request)).await.map_err(late)??.into_inner();
        let mut data = Data::new();
        while let Some(answer) = timeout(PATIENCE, entries.message()).await.map_err(late)?? {
            let Entry { key, value, metadata } = answer.entry.unwrap_or_default();
            let value = value.map(|value| String::from_utf8_lossy(&value).into_owned());
            let record = Record { value, metadata: metadata.unwrap_or_default() };
            data.insert(String::from_utf8_lossy(&key).into_owned(), record);
        }
        Ok(data)
    }
}

fn in_time<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(PATIENCE);
    request
}

fn version(metadata: &Metadata) -> Version {
    let version = metadata.version.unwrap_or_default();
    Version { counter: version.counter, replica: version.replica }
}
