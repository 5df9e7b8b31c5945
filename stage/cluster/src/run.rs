//! Applying a schedule to a cluster, and recording what was seen.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use world::facts::{Data, Facts, Outcome, Rest, Sight, Write};
use world::{Action, Client, Schedule, Step, Ways};

use crate::cluster::Cluster;
use crate::log;
use crate::make::REPLICAS;
use crate::network::Network;
use crate::process::Replica;

/// How long the replicas may take to agree once they are left in peace.
const AGREEMENT: Duration = Duration::from_secs(20);

/// How long tasks and connections may take to end after the last fault: a peer that cannot be reached is
/// noticed by keep-alive, which takes a few seconds.
const SETTLING: Duration = Duration::from_secs(15);

/// How often it is noted what a replica holds.
const GLANCE: Duration = Duration::from_millis(200);

/// The writes before the schedule have numbers from here on, and those after it.
const FIRST_WRITES: usize = 1_000_000;
const LAST_WRITES: usize = 2_000_000;

/// The current address of a replica for its clients.
type Door = watch::Sender<Option<Client>>;

/// Applies the schedule to a new cluster below `parent`, heals it, and returns what was seen.
///
/// # Errors
/// If a replica does not come up, or does not answer when all is healed.
pub async fn run(schedule: &Schedule, program: &Path, parent: &Path) -> Result<Facts> {
    let network = Network::start(&REPLICAS, |from, to| schedule.latency(from, to)).await?;
    let mut cluster = Cluster::start(program, parent, network, &schedule.arguments()).await?;
    let first = write_everywhere(&cluster, FIRST_WRITES, "first").await?;
    let mut facts = Facts { writes: first, ..Facts::default() };
    let begun = |held: &[Data]| agree(held) && held[0].len() == REPLICAS.len();
    let held = cluster.wait_for(AGREEMENT, begun).await?;
    ensure!(begun(&held), "three writes do not reach all replicas within {AGREEMENT:?}, and all is well");
    if schedule.ways.streams() {
        cluster.wait_for_streams(AGREEMENT).await?;
    }
    let before = begin_at_rest(&cluster).await?;

    let (writes, sights) = play(schedule, &mut cluster).await?;
    facts.writes.extend(writes);
    facts.sights = sights;

    cluster.network.heal_all();
    let mut held = cluster.wait_for(AGREEMENT, agree).await?;
    if agree(&held) {
        let after = settle(&cluster, &before).await?;
        facts.before = REPLICAS.into_iter().zip(before).collect();
        facts.after = REPLICAS.into_iter().zip(after).collect();
        if schedule.ways == Ways::Both {
            hear_streams(&cluster, &mut facts).await?;
        }
        // Once more: a message that came late might have brought back what was gone.
        held = cluster.wait_for(AGREEMENT, agree).await?;
    }
    facts.data = REPLICAS.into_iter().zip(held).collect();
    facts.collected = cluster.collected().await?;
    facts.complaints = log::complaints(parent)?;
    Ok(facts)
}

/// What the replicas hold on to when all connections are made: it is the same two times in a row.
async fn begin_at_rest(cluster: &Cluster) -> Result<Vec<Rest>> {
    let deadline = Instant::now() + SETTLING;
    let mut before = cluster.rest().await?;
    loop {
        let now = cluster.rest().await?;
        if now == before || Instant::now() > deadline {
            return Ok(now);
        }
        before = now;
    }
}

/// Waits until the replicas hold on to no more than before, two times in a row: a connection that is just
/// being made again could hide what is left over of another one.
async fn settle(cluster: &Cluster, before: &[Rest]) -> Result<Vec<Rest>> {
    let deadline = Instant::now() + SETTLING;
    let mut calm = 0;
    loop {
        let after = cluster.rest().await?;
        let is_calm = after.iter().zip(before).all(|(after, before)| after.is_within(*before));
        calm = if is_calm { calm + 1 } else { 0 };
        if calm == 2 || Instant::now() > deadline {
            return Ok(after);
        }
    }
}

fn agree(held: &[Data]) -> bool {
    held.windows(2).all(|pair| pair[0] == pair[1])
}

/// Writes until each replica has got something by a stream of each other, or the time is over: alone they would have
/// to bring all, but sessions run, too.
async fn hear_streams(cluster: &Cluster, facts: &mut Facts) -> Result<()> {
    let deadline = Instant::now() + AGREEMENT;
    for number in (LAST_WRITES..).step_by(REPLICAS.len()) {
        facts.writes.extend(write_everywhere(cluster, number, "last").await?);
        sleep(GLANCE).await;
        facts.silent = cluster.silent().await?;
        if facts.silent.is_empty() || Instant::now() > deadline {
            break;
        }
    }
    Ok(())
}

/// A write at each replica, so that all connections are made.
async fn write_everywhere(cluster: &Cluster, number: usize, name: &str) -> Result<Vec<Write>> {
    let mut writes = Vec::new();
    for (number, replica) in (number..).zip(&cluster.replicas) {
        let address = replica.grpc().context("it has been started")?;
        let (key, value) = (format!("{name}-{}", replica.id), Some(format!("w{number}")));
        let outcome = Client::new(address)?.write(&key, value.as_deref()).await;
        writes.push(Write { number, replica: replica.id, key, value, outcome });
    }
    Ok(writes)
}

/// Clients, operators and the network each do their steps at the same time.
async fn play(schedule: &Schedule, cluster: &mut Cluster) -> Result<(Vec<Write>, Vec<Sight>)> {
    let began = Instant::now();
    let mut doors = Vec::new();
    for replica in &cluster.replicas {
        doors.push(Door::new(replica.grpc().map(Client::new).transpose()?));
    }
    let Cluster { replicas: [a, b, c], network } = cluster;
    let glances = glances(began + schedule.length, &doors);
    let steps = &schedule.steps;
    let (writes, sights, (), a, b, c) = tokio::join!(
        clients(began, steps, &doors),
        glances,
        faults(began, steps, network),
        operator(began, steps, a, network, &doors[0]),
        operator(began, steps, b, network, &doors[1]),
        operator(began, steps, c, network, &doors[2]),
    );
    a.and(b).and(c)?;
    sleep_until(began + schedule.length).await;
    Ok((writes, sights))
}

/// Sends each write at its time, whatever became of those before it.
async fn clients(began: Instant, steps: &[Step], doors: &[Door]) -> Vec<Write> {
    let mut writing = JoinSet::new();
    for Step { at, action } in steps {
        let (replica, key, number, value) = match action {
            Action::Put { replica, key, value, number } => (replica, key, number, Some(value.clone())),
            Action::Delete { replica, key, number } => (replica, key, number, None),
            _ => continue,
        };
        sleep_until(began + *at).await;
        let client = doors[*replica as usize - 1].borrow().clone();
        let (number, replica, key) = (*number, *replica, key.clone());
        writing.spawn(async move {
            let outcome = match client {
                Some(mut client) => client.write(&key, value.as_deref()).await,
                None => Outcome::Unknown("the replica was down".to_owned()),
            };
            Write { number, replica, key, value, outcome }
        });
    }
    let mut writes = writing.join_all().await;
    writes.sort_by_key(|write| write.number);
    writes
}

/// Notes from time to time what each replica holds, until the end.
async fn glances(end: Instant, doors: &[Door]) -> Vec<Sight> {
    let mut watching = JoinSet::new();
    for (replica, door) in REPLICAS.into_iter().zip(doors) {
        let door = door.subscribe();
        watching.spawn(async move {
            let mut sights = Vec::new();
            while Instant::now() < end {
                let client = door.borrow().clone();
                if let Some(mut client) = client
                    && let Ok(data) = client.data().await
                {
                    sights.push(Sight { replica, data, ..Sight::default() });
                }
                sleep(GLANCE).await;
            }
            sights
        });
    }
    watching.join_all().await.into_iter().flatten().collect()
}

/// What befalls the network.
async fn faults(began: Instant, steps: &[Step], network: &Network) {
    for Step { at, action } in steps {
        sleep_until(began + *at).await;
        match action {
            Action::Cut { from, to } => network.cut(*from, *to),
            Action::Heal { from, to } => network.heal(*from, *to),
            Action::Reset { a, b } => network.reset(*a, *b),
            _ => {}
        }
    }
}

/// What befalls one process.
async fn operator(
    began: Instant,
    steps: &[Step],
    replica: &mut Replica,
    network: &Network,
    door: &Door,
) -> Result<()> {
    for Step { at, action } in steps {
        match action {
            Action::Kill { replica: id } | Action::Stop { replica: id } if *id == replica.id => {
                sleep_until(began + *at).await;
                let killed = matches!(action, Action::Kill { .. });
                if killed {
                    replica.kill().await?
                } else {
                    replica.stop().await?
                }
                network.serves(*id, None);
                door.send_replace(None);
            }
            Action::Start { replica: id, clock } if *id == replica.id => {
                sleep_until(began + *at).await;
                let jump = (*clock != 0).then(|| format!("--clock-offset={clock}"));
                replica.start(&Vec::from_iter(jump)).await?;
                network.serves(*id, replica.grpc());
                door.send_replace(replica.grpc().map(Client::new).transpose()?);
            }
            Action::Pause { replica: id } if *id == replica.id => {
                sleep_until(began + *at).await;
                replica.pause().await?;
            }
            Action::Continue { replica: id } if *id == replica.id => {
                sleep_until(began + *at).await;
                replica.go_on().await?;
            }
            _ => {}
        }
    }
    Ok(())
}
