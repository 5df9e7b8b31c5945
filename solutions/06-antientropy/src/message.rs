//! The messages of an open session, validated on arrival.

use merge::Knowledge;
use proto::antientropy::v1::sync_message::Message as Kind;
use proto::antientropy::v1::{Check, Complete, Repair, SyncMessage};
use proto::object::v1::Metadata;
use store::{BadObject, Key, Object, Version, check_metadata};

use crate::Error;

/// Which end of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The replica that opened it.
    Initiator,
    /// The replica that was called.
    Remote,
}

impl Side {
    /// The label of the metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Initiator => "initiator",
            Self::Remote => "remote",
        }
    }
}

/// What a replica holds under a key, without the value.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The version of the object.
    pub version: Version,
    /// Everything but the value, as it stands on disk.
    pub metadata: Metadata,
}

/// A message of either side.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// What the sender holds under a key; None if it holds nothing.
    Check {
        /// The key.
        key: Key,
        /// What the sender holds.
        head: Option<Head>,
    },
    /// What the sender holds under a key, with the value.
    Repair {
        /// The key.
        key: Key,
        /// The object.
        object: Object,
    },
    /// The sender has nothing more to check.
    Complete {
        /// From the initiator: the last key of the slice; None if the slice goes to the last key of all.
        through: Option<Key>,
        /// From the initiator, with the last slice of a pass: what it knew when the pass began.
        knowledge: Option<Knowledge>,
    },
}

impl TryFrom<Metadata> for Head {
    type Error = Error;

    fn try_from(metadata: Metadata) -> Result<Self, Error> {
        check_metadata(&metadata)?;
        let version = metadata.version.map(Version::from).ok_or(BadObject("it has no version"))?;
        Ok(Self { version, metadata })
    }
}

impl From<Message> for SyncMessage {
    fn from(message: Message) -> Self {
        let kind = match message {
            Message::Check { key, head } => Kind::Check(Check {
                namespace: key.namespace().into(),
                key: key.key().into(),
                metadata: head.map(|head| head.metadata),
            }),
            Message::Repair { key, object } => Kind::Repair(Repair {
                namespace: key.namespace().into(),
                key: key.key().into(),
                object: Some((&object).into()),
            }),
            Message::Complete { through, knowledge } => Kind::Complete(Complete {
                through: through.map(|key| key.encode()).unwrap_or_default(),
                knowledge: knowledge.as_ref().map(Into::into).unwrap_or_default(),
            }),
        };
        Self { message: Some(kind) }
    }
}

impl TryFrom<SyncMessage> for Message {
    type Error = Error;

    fn try_from(message: SyncMessage) -> Result<Self, Error> {
        match message.message {
            Some(Kind::Check(Check { namespace, key, metadata })) => Ok(Self::Check {
                key: Key::new(namespace, key)?,
                head: metadata.map(Head::try_from).transpose()?,
            }),
            Some(Kind::Repair(Repair { namespace, key, object })) => {
                let object = object.ok_or(Error::Malformed("a REPAIR without an object"))?;
                Ok(Self::Repair { key: Key::new(namespace, key)?, object: object.try_into()? })
            }
            Some(Kind::Complete(Complete { through, knowledge })) => Ok(Self::Complete {
                through: place(&through)?,
                knowledge: (!knowledge.is_empty()).then(|| Knowledge::try_from(&*knowledge)).transpose()?,
            }),
            Some(Kind::Open(_) | Kind::Opened(_)) => Err(Error::Malformed("a session is opened once")),
            None => Err(Error::Malformed("a message of a kind that this program does not know")),
        }
    }
}

/// The key of a record in a message; None if it is empty.
///
/// # Errors
/// If it is not the record of a key.
pub fn place(record: &[u8]) -> Result<Option<Key>, Error> {
    match record {
        [] => Ok(None),
        record => Key::decode(record).map(Some).map_err(|_| Error::Malformed("a place that is no key")),
    }
}

/// A message as text, for a diagram or a log.
pub fn describe(message: &SyncMessage) -> String {
    match &message.message {
        Some(Kind::Open(open)) => {
            let after = place(&open.after).ok().flatten().map(|key| format!(" after {}", name(&key)));
            format!("OPEN{}{}", after.unwrap_or_default(), if open.dry { ", dry" } else { "" })
        }
        Some(Kind::Opened(opened)) => {
            let knowledge = Knowledge::try_from(&*opened.knowledge);
            let knows = knowledge.map_or_else(|error| error.to_string(), |known| known.to_string());
            format!("OPENED, knows {knows}")
        }
        Some(Kind::Check(Check { namespace, key, metadata })) => {
            labelled("CHECK", namespace, key, metadata.as_ref())
        }
        Some(Kind::Repair(Repair { namespace, key, object })) => {
            let metadata = object.as_ref().and_then(|object| object.metadata.as_ref());
            labelled("REPAIR", namespace, key, metadata)
        }
        Some(Kind::Complete(complete)) => {
            let through = place(&complete.through).ok().flatten();
            let through = through.map(|key| format!(" through {}", name(&key)));
            format!("COMPLETE{}", through.unwrap_or_default())
        }
        None => "nothing".into(),
    }
}

fn labelled(kind: &str, namespace: &[u8], key: &[u8], metadata: Option<&Metadata>) -> String {
    let key = Key::new(namespace, key).map_or("no key".into(), |key| name(&key));
    match metadata.and_then(|metadata| Some((metadata.tombstone, metadata.version?))) {
        Some((true, version)) => format!("{kind} {key} {} deleted", Version::from(version)),
        Some((false, version)) => format!("{kind} {key} {}", Version::from(version)),
        None => format!("{kind} {key} none"),
    }
}

/// The key, and its namespace unless that is the clients' default.
fn name(key: &Key) -> String {
    match key.namespace() {
        b"default" => key.key().escape_ascii().to_string(),
        namespace => format!("{}/{}", namespace.escape_ascii(), key.key().escape_ascii()),
    }
}
