//! 3.4: what is tried again, and when.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::time::Duration;

use peers::{Backoff, retry};
use tokio::time::{Instant, sleep};
use tonic::{Code, Status};

use crate::support::ms;

const BASE: Duration = Duration::from_millis(100);
const CAP: Duration = Duration::from_secs(10);
const FAR: Duration = Duration::from_secs(3600);

fn backoff(seed: u64) -> Backoff {
    Backoff::new(BASE, CAP, fastrand::Rng::with_seed(seed))
}

#[test]
fn ex_3_4_only_what_another_try_can_help() {
    check::promise(
        "Only UNAVAILABLE and RESOURCE_EXHAUSTED are tried again, and only where repeating does no harm.",
    );
    let mut table = format!("{:20} {:12} {}\n", "code", "repeatable", "not repeatable");
    for code in (0..17).map(Code::from_i32) {
        let [once, twice] =
            [true, false].map(|repeatable| match backoff(1).failed(code, repeatable, Duration::ZERO, FAR) {
                Some(_) => "try again",
                None => "give up",
            });
        writeln!(table, "{:20} {once:12} {twice}", format!("{code:?}")).unwrap();
    }
    check::snapshot!("codes", table);
}

#[test]
fn ex_3_4_waits_grow_to_the_cap_and_are_spread() {
    check::promise(
        "The bound of the wait doubles up to the cap, and the wait is anywhere between 0 and the bound.",
    );
    let mut table =
        format!("{:8} {:>9} {:>9} {:>9}   of 1000 clients\n", "failure", "shortest", "mean", "longest");
    let mut clients: Vec<_> = (0..1000).map(backoff).collect();
    for failure in 1..=100 {
        let waits: Vec<_> = clients
            .iter_mut()
            .map(|client| client.failed(Code::Unavailable, true, Duration::ZERO, FAR).unwrap_or_default())
            .collect();
        if failure <= 9 || failure == 100 {
            let mean = waits.iter().sum::<Duration>() / 1000;
            let (shortest, longest) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
            writeln!(table, "{failure:<8} {:>9} {:>9} {:>9}", ms(*shortest), ms(mean), ms(*longest)).unwrap();
        }
        let longest = *waits.iter().max().unwrap();
        assert!(
            failure <= 9 || longest > CAP / 2,
            "after failure {failure} none of 1000 clients waits for longer than {}, and the bound is {}",
            ms(longest),
            ms(CAP)
        );
    }
    check::snapshot!("waits", table);
}

#[test]
fn ex_3_4_a_crowd_comes_back_spread_out() {
    check::promise("Clients that failed at the same moment do not come back at the same moment.");
    let mut tenths = [0; 10];
    for seed in 0..1000 {
        let wait = backoff(seed).failed(Code::Unavailable, true, Duration::ZERO, FAR).unwrap();
        tenths[(wait.as_millis() as usize / 10).min(9)] += 1;
    }
    let mut table = "1000 clients failed at 0 ms, and come back\n".to_owned();
    for (tenth, clients) in tenths.iter().enumerate() {
        let bar = "#".repeat(clients / 5);
        writeln!(table, "{:>3} to {:>3} ms {clients:>5}  {bar}", tenth * 10, tenth * 10 + 10).unwrap();
    }
    check::snapshot!("crowd", table);
}

#[test]
fn ex_3_4_never_past_the_deadline() {
    check::promise(
        "A wait that would end at the deadline or after it is not begun: the caller gives up now.",
    );
    let mut story = String::new();
    for seed in [1, 3] {
        let (mut client, mut now, deadline) =
            (backoff(seed), Duration::from_secs(60), Duration::from_secs(63));
        writeln!(story, "client {seed}, first failure at 60000 ms, deadline at 63000 ms").unwrap();
        while let Some(wait) = client.failed(Code::ResourceExhausted, true, now, deadline) {
            now += wait;
            writeln!(story, "  waits {:>7}, tries at {}", ms(wait), ms(now)).unwrap();
            assert!(now < deadline, "the next try begins at {now:?}, past the deadline {deadline:?}");
        }
        writeln!(story, "  gives up at {}", ms(now)).unwrap();
    }
    let late = backoff(4).failed(Code::Unavailable, true, FAR, Duration::from_secs(1));
    writeln!(story, "a failure after the deadline: {late:?}").unwrap();
    let at_once = Backoff::new(Duration::ZERO, CAP, fastrand::Rng::with_seed(1)).failed(
        Code::Unavailable,
        true,
        FAR,
        FAR,
    );
    writeln!(story, "no wait, but the deadline is now: {at_once:?}").unwrap();
    check::snapshot!("deadlines", story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_4_a_call_is_repeated_until_it_is_answered_or_late() {
    check::promise("A call is repeated until it succeeds or its time is up, and fails with the last error.");
    let mut story = String::new();
    for (words, answers) in [
        ("the peer restarts", &[Code::Unavailable, Code::Unavailable, Code::ResourceExhausted, Code::Ok][..]),
        ("the peer refuses", &[Code::Unavailable, Code::FailedPrecondition]),
        ("the peer is away", &[Code::Unavailable; 50]),
        ("the peer hangs at the second try", &[Code::Unavailable, Code::DeadlineExceeded]),
    ] {
        let (began, tries) = (Instant::now(), RefCell::new(answers.iter()));
        writeln!(story, "{words}").unwrap();
        let log = RefCell::new(String::new());
        let call = || async {
            let answer = *tries.borrow_mut().next().unwrap();
            writeln!(log.borrow_mut(), "  {:>8}  a try", ms(began.elapsed())).unwrap();
            match answer {
                Code::DeadlineExceeded => sleep(FAR).await,
                _ => sleep(Duration::from_millis(5)).await,
            }
            match answer {
                Code::Ok => Ok("done"),
                code => Err(Status::new(code, "said the peer")),
            }
        };
        let outcome = retry(true, began + Duration::from_secs(2), fastrand::Rng::with_seed(5), call).await;
        let outcome =
            outcome.map_or_else(|status| format!("{:?}: {}", status.code(), status.message()), String::from);
        writeln!(story, "{}  {:>8}  {outcome}", log.borrow(), ms(began.elapsed())).unwrap();
    }
    check::snapshot!("retries", story);
}
