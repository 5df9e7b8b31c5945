//! Which replica this process is.

use std::path::PathBuf;

use store::ReplicaId;

use crate::Error;

/// What is wrong with a host name without a number, if a base needs one.
const NO_NUMBER: &str =
    "the name does not end with '-' and a number; give --host-name with one that does, or leave out the base";

/// What is wrong with the sum of base and number.
const NO_SUM: &str = "the sum is no id; an id is 1 or more, in 64 bits";

/// Every source that may say which replica this is. A source that was not given says nothing.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The option `--replica`, or the environment.
    pub replica: Option<String>,
    /// The name of this machine; empty if it is not known.
    pub host_name: String,
    /// The id of the replica whose host name ends with 0. Without it the host name is no source.
    pub replica_base: Option<u64>,
    /// The file of `--replica-file`, and what it holds.
    pub file: Option<(PathBuf, String)>,
    /// The file of `--fleet`, and what it holds.
    pub fleet: Option<(PathBuf, String)>,
}

/// A line of the fleet's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetLine {
    /// The id of the replica.
    pub replica: ReplicaId,
    /// The region it stands in.
    pub region: String,
    /// Where others reach it.
    pub address: String,
}

/// What one source says.
struct Said {
    /// The source, in words.
    by: String,
    replica: ReplicaId,
}

/// The id of this replica, on which all sources agree.
///
/// # Errors
/// If no source says anything, if two disagree, or if one holds no id.
pub fn identify(sources: &Sources) -> Result<ReplicaId, Error> {
    let said: Vec<Said> = [sources.option()?, sources.ordinal()?, sources.file()?, sources.in_fleet()?]
        .into_iter()
        .flatten()
        .collect();
    // exercise 3.1: Agree on one id
    //
    // `said` holds what each source says, if it says anything. A replica with a wrong id is worse
    // than one that does not start: it writes in another's name. So if no source says anything, or
    // two disagree, return an error (`Error::NoIdentity`, `Error::TwoIdentities`); `Said::words`
    // gives its part of the message. Two that agree are no error.
    let Some(first) = said.first() else {
        return Err(Error::NoIdentity { host_name: sources.host_name.clone() });
    };
    match said.iter().find(|other| other.replica != first.replica) {
        Some(second) => Err(Error::TwoIdentities { first: first.words(), second: second.words() }),
        None => Ok(first.replica),
    }
    // end exercise 3.1
}

impl Sources {
    fn option(&self) -> Result<Option<Said>, Error> {
        self.replica.as_deref().map(|text| said("--replica", text)).transpose()
    }

    /// The number at the end of the host name, counted from the base: a StatefulSet names its pods
    /// `atoll-0`, `atoll-1`, and so on, and ids begin with 1.
    fn ordinal(&self) -> Result<Option<Said>, Error> {
        let by = self.based_host_name();
        // exercise 3.1, continued: the number at the end of the host name
        //
        // Without a base the host name says nothing: many laptops are called `mac-2`. With one, the
        // host name `atoll-2` and base 1 give replica 3. A host name may include its domain
        // (`atoll-2.atoll.prod.svc`); the number ends the part before the first dot, after its last
        // '-'. `number` parses it, and refuses anything else. A name without a number, or a sum
        // that is not a valid id, is an error, because somebody who gave a base meant it: `bad(&by,
        // NO_NUMBER)` and `bad(&by, NO_SUM)`. `by` names the source in words, in these and in
        // `Said`.
        let Some(base) = self.replica_base else {
            return Ok(None);
        };
        let host = self.host_name.split('.').next().unwrap_or_default();
        let ordinal = host.rsplit_once('-').and_then(|(_, ordinal)| number(ordinal));
        let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
        match base.checked_add(ordinal) {
            None | Some(0) => Err(bad(&by, NO_SUM)),
            Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
        }
        // end exercise 3.1
    }

    /// The host name with the base, in words.
    fn based_host_name(&self) -> String {
        let base = self.replica_base.unwrap_or_default();
        format!("--replica-base {base} with the host name {:?}", self.host_name)
    }

    fn file(&self) -> Result<Option<Said>, Error> {
        let said = self.file.as_ref().map(|(path, text)| said(&path.display().to_string(), text));
        said.transpose()
    }

    fn in_fleet(&self) -> Result<Option<Said>, Error> {
        let Some((path, _)) = &self.fleet else {
            return Ok(None);
        };
        let by = format!("{} for the host name {:?}", path.display(), self.host_name);
        Ok(self.fleet_line()?.map(|line| Said { by, replica: line.replica }))
    }

    /// The line of the fleet's table whose host name is this machine's. A host name without a
    /// domain matches whatever this machine's domain.
    ///
    /// # Errors
    /// If a line cannot be read, or two lines have one id or one host name, or are this machine's.
    pub fn fleet_line(&self) -> Result<Option<FleetLine>, Error> {
        let Some((path, text)) = &self.fleet else {
            return Ok(None);
        };
        let short = self.host_name.split('.').next().unwrap_or_default();
        let (mut mine, mut seen) = (None, Vec::new());
        for (index, line) in text.lines().enumerate() {
            let by = format!("{} line {}", path.display(), index + 1);
            let line = line.split_once('#').map_or(line, |(before, _)| before);
            let words: Vec<_> = line.split_whitespace().collect();
            let [replica, region, address, host] = words[..] else {
                match words[..] {
                    [] => continue,
                    _ => return Err(bad(&by, "write: replica region address host")),
                }
            };
            let replica = said(&by, replica)?.replica;
            if seen.iter().any(|&(id, name)| id == replica || name == host) {
                return Err(bad(&by, "an earlier line has this id or this host name; each has its own"));
            }
            seen.push((replica, host));
            if host == self.host_name || host == short {
                if mine.is_some() {
                    return Err(bad(&by, "an earlier line is of this machine too; leave one of them out"));
                }
                mine = Some(FleetLine { replica, region: region.into(), address: address.into() });
            }
        }
        Ok(mine)
    }
}

impl Said {
    /// What was said, and by whom.
    fn words(&self) -> String {
        format!("{} says replica {}", self.by, self.replica)
    }
}

/// The id in `text`.
fn said(by: &str, text: &str) -> Result<Said, Error> {
    match number(text.trim()) {
        None | Some(0) => Err(bad(by, &format!("{:?} is no id; an id is a number, 1 or more", text.trim()))),
        Some(id) => Ok(Said { by: by.to_owned(), replica: ReplicaId(id) }),
    }
}

/// The number in `text`, which holds digits and nothing else.
fn number(text: &str) -> Option<u64> {
    // `parse` alone would take "+7" too.
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn bad(by: &str, what: &str) -> Error {
    Error::BadIdentity { by: by.to_owned(), what: what.to_owned() }
}
