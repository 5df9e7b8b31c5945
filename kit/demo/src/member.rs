//! One replica of the demo: its process, how it stands, and where it is found.

use std::sync::Arc;

use cluster::{Client, Network, Replica};

use crate::doors::{Door, Doors};
use crate::event::{Standing, What};
use crate::feed::Feed;
use crate::refused::Refused;
use crate::region::Region;

/// A replica of the demo.
#[derive(Debug)]
pub(crate) struct Member {
    region: Region,
    replica: Replica,
    standing: Standing,
    feed: Feed,
    doors: Arc<Doors>,
    network: Arc<Network>,
}

impl Member {
    /// A replica that does not run yet.
    pub(crate) fn new(
        region: Region,
        replica: Replica,
        feed: &Feed,
        doors: &Arc<Doors>,
        network: &Arc<Network>,
    ) -> Self {
        let (feed, doors, network) = (feed.clone(), doors.clone(), network.clone());
        Self { region, replica, standing: Standing::Down, feed, doors, network }
    }

    pub(crate) fn region(&self) -> Region {
        self.region
    }

    pub(crate) fn replica(&self) -> &Replica {
        &self.replica
    }

    pub(crate) fn runs(&self) -> bool {
        self.standing == Standing::Running
    }

    /// Starts it, with the directory that it has. Where it does not come up it is shown as down, and why.
    ///
    /// # Errors
    /// Where it runs already, or does not come up.
    pub(crate) async fn start(&mut self) -> Result<String, Refused> {
        match self.standing {
            Standing::Paused => return Err(Refused::paused(self.region)),
            Standing::Running => return Err(Refused::new(format!("replica {} runs already", self.region))),
            Standing::Starting | Standing::Down => self.stands(Standing::Starting, None),
        }
        let started = self.replica.start(&[]).await.map_err(|error| format!("{error:#}"));
        match started.and_then(|()| self.door()) {
            Ok(door) => {
                self.network.serves(self.region.id(), self.replica.grpc());
                self.doors.set(self.region, Some(door));
                self.stands(Standing::Running, None);
                Ok(self.note("runs"))
            }
            Err(why) => {
                self.stands(Standing::Down, Some(why));
                self.note("did not come up");
                Err(Refused::new(format!("{} did not come up: the page shows its last lines", self.region)))
            }
        }
    }

    /// Lets it stand still.
    pub(crate) async fn pause(&mut self) -> Result<String, Refused> {
        match self.standing {
            Standing::Running => self.replica.pause().await?,
            Standing::Paused => return Err(Refused::paused(self.region)),
            Standing::Starting | Standing::Down => return Err(Refused::not_there(self.region)),
        }
        self.stands(Standing::Paused, None);
        Ok(self.note("is paused"))
    }

    /// Lets it go on.
    pub(crate) async fn go_on(&mut self) -> Result<String, Refused> {
        match self.standing {
            Standing::Paused => self.replica.go_on().await?,
            Standing::Running => return Err(Refused::new(format!("replica {} is not paused", self.region))),
            Standing::Starting | Standing::Down => return Err(Refused::not_there(self.region)),
        }
        self.stands(Standing::Running, None);
        Ok(self.note("goes on"))
    }

    /// Ends it at once.
    pub(crate) async fn kill(&mut self) -> Result<String, Refused> {
        if self.standing == Standing::Down {
            return Err(Refused::not_there(self.region));
        }
        self.replica.kill().await?;
        self.is_gone(None);
        Ok(self.note("is killed"))
    }

    /// Ends it without a word: all begins anew.
    pub(crate) async fn end(mut self) {
        self.doors.set(self.region, None);
        // What cannot be waited for is killed once more when it is dropped.
        let _ = self.replica.kill().await;
    }

    /// Notices where it has ended by itself.
    pub(crate) async fn glance(&mut self) {
        // Where the system does not tell, it will the next time.
        if self.runs()
            && let Ok(Some(why)) = self.replica.ended_by_itself().await
        {
            self.is_gone(Some(why));
            self.note("ended by itself");
        }
    }

    fn is_gone(&mut self, why: Option<String>) {
        self.doors.set(self.region, None);
        self.network.serves(self.region.id(), None);
        self.stands(Standing::Down, why);
    }

    fn stands(&mut self, standing: Standing, why: Option<String>) {
        self.standing = standing;
        self.feed.tell(What::Replica { replica: self.region.id(), state: standing, why });
    }

    fn note(&self, text: &str) -> String {
        self.feed.note(Some(self.region.id()), text);
        format!("{} {text}", self.region)
    }

    fn door(&self) -> Result<Door, String> {
        let addresses = self.replica.grpc().zip(self.replica.http());
        let (address, pages) = addresses.ok_or("it tells no address")?;
        Ok(Door { client: Client::new(address).map_err(|error| error.to_string())?, pages })
    }
}
