//! 6.5: when, and with whom.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use antientropy::{Candidate, Ticker};
use store::ReplicaId;

const DRAWS: usize = 200_000;

fn ticker(seed: u64) -> Ticker {
    Ticker::new(ReplicaId(2), Duration::from_secs(60), seed)
}

/// The share in per cent that was expected where it is near enough, and else the share that it is.
fn near(share: f64, expected: f64, tolerance: f64) -> f64 {
    let share = share * 100.0;
    if (share - expected).abs() <= tolerance { expected } else { share }
}

fn about(share: f64, expected: f64, tolerance: f64) -> String {
    format!("{:.1} %", near(share, expected, tolerance))
}

#[test]
fn ex_6_5_pauses_are_normally_distributed() {
    check::promise(
        "The time to the next session is normally distributed around its mean, and never negative.",
    );
    let mut ticker = ticker(1);
    let pauses: Vec<f64> = (0..DRAWS).map(|_| ticker.pause().as_secs_f64()).collect();
    let share = |from: f64, to: f64| {
        pauses.iter().filter(|pause| (from..to).contains(*pause)).count() as f64 / DRAWS as f64
    };
    let mean = pauses.iter().sum::<f64>() / DRAWS as f64;
    let mean = if (mean - 60.0).abs() < 0.5 { 60.0 } else { mean };
    let mut story = format!("the mean of {DRAWS} pauses is {mean:.1} s\n");
    // The normal distribution: its share in each interval of one standard deviation.
    let bell = [2.1, 13.6, 34.1, 34.1, 13.6, 2.1];
    for (index, expected) in bell.into_iter().enumerate() {
        let (from, to) = (15.0 + 15.0 * index as f64, 30.0 + 15.0 * index as f64);
        let share = near(share(from, to), expected, 0.6);
        let (shown, bar) = (format!("{share:.1} %"), "#".repeat((share / 2.0) as usize));
        story += &format!("  {from:>5.1} to {to:>5.1} s  {shown:>7}  {bar}\n");
    }
    story += &format!("  below             {:>7}\n", about(share(0.0, 15.0), 0.1, 0.1));
    story += &format!("  above             {:>7}\n", about(share(105.0, f64::MAX), 0.1, 0.1));
    check::snapshot!("pauses", story);
}

#[test]
fn ex_6_5_replicas_do_not_keep_step() {
    check::promise(
        "Replicas that were started together pause differently; the same seed gives the same pauses.",
    );
    let pauses = |seed| {
        let mut ticker = ticker(seed);
        (0..5).map(|_| ticker.pause()).collect::<Vec<_>>()
    };
    assert_eq!(pauses(7), pauses(7), "a seed must replay");
    assert_ne!(pauses(7), pauses(8), "two seeds give the same pauses");
    let mut distinct = pauses(7);
    distinct.dedup();
    assert_eq!(distinct.len(), 5, "the same pause again and again: {distinct:?}");
}

#[test]
fn ex_6_5_a_mean_below_a_second() {
    check::promise("A pause has the resolution of a `Duration`, and its spread follows the mean.");
    let mut ticker = Ticker::new(ReplicaId(2), Duration::from_millis(500), 1);
    let pauses: Vec<f64> = (0..20_000).map(|_| ticker.pause().as_secs_f64() * 1_000.0).collect();
    let average = |of: &dyn Fn(&f64) -> f64| pauses.iter().map(of).sum::<f64>() / pauses.len() as f64;
    let mean = average(&|pause| *pause);
    let deviation = average(&|pause| (pause - mean).powi(2)).sqrt();
    assert!((490.0..510.0).contains(&mean), "a mean of 500 ms was asked for, and it is {mean:.0} ms");
    assert!(
        (120.0..130.0).contains(&deviation),
        "with a mean of 500 ms the standard deviation is 125 ms, and here it is {deviation:.0} ms"
    );
    let distinct: BTreeSet<_> = pauses.iter().map(|pause| pause.to_bits()).collect();
    assert!(distinct.len() > 19_000, "20,000 pauses have only {} lengths", distinct.len());
}

#[test]
fn ex_6_5_peers_are_chosen_uniformly() {
    check::promise(
        "Each peer has the same chance, but for oneself and those under suspicion, who have none.",
    );
    let candidate = |(replica, suspected)| Candidate { replica: ReplicaId(replica), suspected };
    let fleets: [(&str, Vec<(u64, bool)>); 6] = [
        ("five, one suspected", vec![(1, false), (2, false), (3, true), (4, false), (5, false)]),
        ("two others", vec![(1, false), (3, false)]),
        ("one other", vec![(2, false), (3, false)]),
        ("all suspected", vec![(1, true), (2, false), (3, true)]),
        ("nobody else", vec![(2, false)]),
        ("one whose id ends with the same 32 bits", vec![(2, false), ((1 << 32) + 2, false)]),
    ];
    let mut story = String::new();
    for (words, fleet) in fleets {
        let fleet: Vec<_> = fleet.into_iter().map(candidate).collect();
        let mut ticker = ticker(1);
        let mut chosen: BTreeMap<_, usize> = BTreeMap::new();
        for _ in 0..10_000 {
            *chosen.entry(ticker.choose(&fleet)).or_default() += 1;
        }
        story += &format!("{words}\n");
        let expected = 100.0 / chosen.len() as f64;
        for (peer, times) in chosen {
            let peer = peer.map_or("nobody".into(), |peer| format!("replica {peer}"));
            story += &format!("  {peer}: {}\n", about(times as f64 / 10_000.0, expected, 2.0));
        }
    }
    check::snapshot!("choices", story);
}

#[test]
fn ex_6_5_choices_follow_no_pattern() {
    check::promise("Whom a replica meets next does not follow from whom it met last.");
    let fleet = [1, 3].map(|replica| Candidate { replica: ReplicaId(replica), suspected: false });
    let mut ticker = ticker(3);
    let chosen: Vec<_> = (0..10_000).map(|_| ticker.choose(&fleet)).collect();
    let again = chosen.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(
        (4_700..5_300).contains(&again),
        "of two peers the same one is met again {again} times in 10,000"
    );
}

#[test]
fn ex_6_5_a_seed_replays_the_choices() {
    check::promise("The same seed gives the same choices, and another seed others.");
    let fleet = [1, 3, 4].map(|replica| Candidate { replica: ReplicaId(replica), suspected: false });
    let choices = |seed| {
        let mut ticker = ticker(seed);
        (0..100).map(|_| ticker.choose(&fleet)).collect::<Vec<_>>()
    };
    assert_eq!(choices(7), choices(7), "a seed must replay: draw from `self.random`");
    assert_ne!(choices(7), choices(8), "two seeds give the same choices");
}
