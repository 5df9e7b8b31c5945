//! 3.3: one dial for all who wait.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use peers::{Dial, Dialing, Error, Peer, Pool};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tonic::transport::Endpoint;

use crate::support::peer;

/// What happened, in virtual time; what happens often at one moment stands there once, with a count.
#[derive(Clone)]
struct Timeline(Arc<Mutex<BTreeMap<(u128, String), u32>>>, Instant);

impl Timeline {
    fn new() -> Self {
        Self(Arc::default(), Instant::now())
    }

    fn note(&self, words: impl Into<String>) {
        *self.0.lock().unwrap().entry((self.1.elapsed().as_millis(), words.into())).or_default() += 1;
    }

    fn show(&self) -> String {
        let mut text = String::new();
        for ((at, words), count) in &*self.0.lock().unwrap() {
            writeln!(text, "{at:>6} ms  {count:>3} x  {words}").unwrap();
        }
        text
    }
}

/// Dials that take their time: so long, and then a channel or an error.
struct SlowDial {
    timeline: Timeline,
    peers: Mutex<BTreeMap<u64, (Duration, bool)>>,
}

impl Dial for SlowDial {
    fn dial(&self, peer: &Peer) -> Dialing {
        let (takes, answers) = self.peers.lock().unwrap()[&peer.replica];
        let (timeline, peer) = (self.timeline.clone(), peer.clone());
        Box::pin(async move {
            timeline.note(format!("dial of replica {} at {}", peer.replica, peer.address));
            sleep(takes).await;
            match answers {
                true => Ok(Endpoint::from_static("http://nobody:1").connect_lazy()),
                false => Err(Error::Unreachable {
                    replica: peer.replica,
                    address: peer.address,
                    reason: "connection refused".into(),
                }),
            }
        })
    }
}

struct Callers {
    timeline: Timeline,
    dial: Arc<SlowDial>,
    pool: Pool,
    tasks: JoinSet<()>,
    /// How often each caller calls, one time after the other.
    calls: usize,
}

impl Callers {
    /// A pool whose peers answer, or do not, after so many milliseconds.
    fn new(peers: &[(u64, u64, bool)]) -> Self {
        let timeline = Timeline::new();
        let mut dial = BTreeMap::new();
        for &(replica, takes, answers) in peers {
            dial.insert(replica, (Duration::from_millis(takes), answers));
        }
        let dial = Arc::new(SlowDial { timeline: timeline.clone(), peers: Mutex::new(dial) });
        Self { timeline, dial: dial.clone(), pool: Pool::new(dial), tasks: JoinSet::new(), calls: 1 }
    }

    /// So many callers at once, each with so much patience.
    fn call(&mut self, count: usize, peer: &Peer, patience: Duration) {
        for _ in 0..count {
            let (pool, peer, timeline) = (self.pool.clone(), peer.clone(), self.timeline.clone());
            let calls = self.calls;
            self.tasks.spawn(async move {
                for _ in 0..calls {
                    let outcome = match timeout(patience, pool.channel(&peer)).await {
                        Ok(Ok(_)) => format!("a caller has a channel to replica {}", peer.replica),
                        Ok(Err(error)) => format!("a caller gets the error: {error}"),
                        Err(_) => format!("a caller gives up waiting for replica {}", peer.replica),
                    };
                    timeline.note(outcome);
                }
            });
        }
    }

    async fn settle(&mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
    }

    fn behaves(&self, replica: u64, takes: u64, answers: bool) {
        self.dial.peers.lock().unwrap().insert(replica, (Duration::from_millis(takes), answers));
    }
}

const PATIENT: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn ex_3_3_a_hundred_callers_dial_once() {
    check::promise(
        "A hundred callers who come at once, and more while it is dialed, share one dial and its channel.",
    );
    let mut callers = Callers::new(&[(2, 300, true)]);
    callers.call(100, &peer(2, "de"), PATIENT);
    sleep(Duration::from_millis(100)).await;
    callers.call(10, &peer(2, "de"), PATIENT);
    callers.settle().await;
    sleep(Duration::from_millis(100)).await;
    callers.call(10, &peer(2, "de"), PATIENT);
    callers.settle().await;
    check::snapshot!("one_dial", callers.timeline.show());
}

#[tokio::test(start_paused = true)]
async fn ex_3_3_a_failed_dial_fails_all_and_the_next_caller_dials_again() {
    check::promise(
        "A dial that fails fails all who wait for it, at once; whoever comes then begins the next.",
    );
    let mut callers = Callers::new(&[(2, 3000, false)]);
    callers.call(100, &peer(2, "de"), PATIENT);
    callers.settle().await;
    sleep(Duration::from_millis(500)).await;
    callers.call(100, &peer(2, "de"), PATIENT);
    callers.settle().await;
    callers.behaves(2, 300, true);
    callers.call(100, &peer(2, "de"), PATIENT);
    callers.settle().await;
    check::snapshot!("failed_dials", callers.timeline.show());
}

#[tokio::test(start_paused = true)]
async fn ex_3_3_who_calls_again_at_once_shares_the_next_dial() {
    check::promise("A hundred callers that all call again after a failed dial share the second one too.");
    let mut callers = Callers::new(&[(2, 300, false)]);
    callers.calls = 2;
    callers.call(100, &peer(2, "de"), PATIENT);
    callers.settle().await;
    check::snapshot!("failed_twice", callers.timeline.show());
}

/// A dial that takes a while before it returns: time for others to come in between, on other threads.
struct StuckDial(AtomicUsize);

impl Dial for StuckDial {
    fn dial(&self, _: &Peer) -> Dialing {
        self.0.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(50));
        Box::pin(ready(Ok(Endpoint::from_static("http://nobody:1").connect_lazy())))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ex_3_3_on_four_threads_too() {
    check::promise("No caller on another thread comes between the look-up and the insertion.");
    let dial = Arc::new(StuckDial(AtomicUsize::new(0)));
    let pool = Pool::new(dial.clone());
    let mut callers = JoinSet::new();
    for _ in 0..3 {
        let pool = pool.clone();
        callers.spawn(async move { pool.channel(&peer(2, "de")).await.is_ok() });
    }
    assert_eq!(callers.join_all().await, [true; 3], "not all have a channel");
    let dials = dial.0.load(Ordering::Relaxed);
    assert_eq!(dials, 1, "three callers on three threads began {dials} dials");
}

#[tokio::test(start_paused = true)]
async fn ex_3_3_who_gives_up_breaks_nothing() {
    check::promise(
        "A caller that gives up in the middle of a dial, be it the first one, takes nothing from the others.",
    );
    let mut callers = Callers::new(&[(2, 300, true)]);
    callers.call(1, &peer(2, "de"), Duration::from_millis(50));
    sleep(Duration::from_millis(1)).await;
    callers.call(50, &peer(2, "de"), PATIENT);
    callers.call(49, &peer(2, "de"), Duration::from_millis(100));
    callers.settle().await;
    callers.call(1, &peer(2, "de"), PATIENT);
    callers.settle().await;
    check::snapshot!("given_up", callers.timeline.show());
}

#[tokio::test(start_paused = true)]
async fn ex_3_3_a_slow_peer_keeps_nobody_else_waiting() {
    check::promise("While one peer is dialed, a channel to another is there at once, or after its own dial.");
    let mut callers = Callers::new(&[(2, 3000, false), (3, 200, true)]);
    callers.call(1, &peer(2, "de"), PATIENT);
    sleep(Duration::from_millis(1)).await;
    callers.call(2, &peer(3, "sg"), PATIENT);
    sleep(Duration::from_millis(999)).await;
    callers.call(2, &peer(3, "sg"), PATIENT);
    callers.settle().await;
    check::snapshot!("slow_peer", callers.timeline.show());
}

#[tokio::test(start_paused = true)]
async fn ex_3_3_who_moved_is_dialed_again_and_who_was_removed_is_forgotten() {
    check::promise("Another address is another dial, and the channel of a removed peer is not kept.");
    let mut callers = Callers::new(&[(2, 100, true), (3, 100, true)]);
    let moved = Peer { address: "http://moved:4400".into(), ..peer(2, "de") };
    for peer in [&peer(2, "de"), &peer(3, "sg"), &moved, &moved] {
        callers.call(1, peer, PATIENT);
        callers.settle().await;
    }
    callers.timeline.note("replica 2 is removed");
    callers.pool.keep(&[peer(3, "sg"), peer(4, "sg")]);
    sleep(Duration::from_millis(1)).await;
    for peer in [&peer(3, "sg"), &moved] {
        callers.call(1, peer, PATIENT);
        callers.settle().await;
    }
    check::snapshot!("moved_and_removed", callers.timeline.show());
}

#[tokio::test(start_paused = true)]
async fn ex_3_3_who_moves_while_it_is_dialed_is_dialed_there() {
    check::promise("A dial under way is kept for those who stay, and is none for another address.");
    let mut callers = Callers::new(&[(2, 300, true)]);
    callers.call(1, &peer(2, "de"), PATIENT);
    sleep(Duration::from_millis(100)).await;
    callers.pool.keep(&[peer(2, "de")]);
    callers.call(1, &peer(2, "de"), PATIENT);
    sleep(Duration::from_millis(50)).await;
    callers.call(1, &Peer { address: "http://moved:4400".into(), ..peer(2, "de") }, PATIENT);
    callers.settle().await;
    check::snapshot!("moves_while_dialed", callers.timeline.show());
}

#[tokio::test(start_paused = true)]
async fn ex_3_3_who_was_removed_is_forgotten_whoever_is_left() {
    check::promise("Only the channels of those who are left are kept, also where nobody is left.");
    const LARGE: u64 = (1 << 32) + 2;
    let mut callers = Callers::new(&[(2, 100, true), (LARGE, 100, true)]);
    for (words, left) in
        [("all are left", vec![2, LARGE]), ("2 is left", vec![2]), ("nobody is left", vec![])]
    {
        for replica in [2, LARGE] {
            callers.call(1, &peer(replica, "de"), PATIENT);
            callers.settle().await;
        }
        sleep(Duration::from_millis(1)).await;
        callers.timeline.note(words);
        callers.pool.keep(&left.into_iter().map(|replica| peer(replica, "de")).collect::<Vec<_>>());
        sleep(Duration::from_millis(1)).await;
    }
    callers.call(1, &peer(2, "de"), PATIENT);
    callers.settle().await;
    check::snapshot!("left", callers.timeline.show());
}

/// Dials of which the first falls over.
struct Falls(AtomicUsize);

impl Dial for Falls {
    fn dial(&self, _: &Peer) -> Dialing {
        let dials = self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            sleep(Duration::from_millis(100)).await;
            if dials == 0 {
                // As a panic does it, without a word.
                std::panic::resume_unwind(Box::new("the dial falls over"));
            }
            Ok(Endpoint::from_static("http://nobody:1").connect_lazy())
        })
    }
}

#[tokio::test(start_paused = true)]
async fn ex_3_3_a_dial_that_falls_over_is_a_failed_one() {
    check::promise("A dial that panics gives all who wait an error, and the next caller dials again.");
    let pool = Pool::new(Arc::new(Falls(AtomicUsize::new(0))));
    let mut story = String::new();
    for caller in 1..=3 {
        let outcome = match timeout(PATIENT, pool.channel(&peer(2, "de"))).await {
            Ok(Ok(_)) => "a channel".into(),
            Ok(Err(error)) => format!("the error: {error}"),
            Err(_) => "nothing, and gives up".into(),
        };
        writeln!(story, "caller {caller} gets {outcome}").unwrap();
    }
    check::snapshot!("falls_over", story);
}
