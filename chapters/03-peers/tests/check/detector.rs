//! 3.5: who is suspected.

use std::fmt::Write as _;
use std::time::Duration;

use peers::Detector;

const SECOND: Duration = Duration::from_secs(1);

/// A detector that expects an answer at intervals, and what is seen of it.
struct Watch {
    detector: Detector,
    now: Duration,
    story: String,
}

impl Watch {
    fn new() -> Self {
        Self::every(SECOND)
    }

    fn every(expected: Duration) -> Self {
        Self { detector: Detector::new(Duration::ZERO, expected), now: Duration::ZERO, story: String::new() }
    }

    /// A peer that answers now soon and now late.
    fn uneven() -> Self {
        let mut watch = Self::new();
        for _ in 0..20 {
            watch.answers(1, SECOND * 3);
            watch.answers(2, SECOND / 2);
        }
        watch
    }

    /// The peer answers so many times, once in each interval.
    fn answers(&mut self, times: u32, interval: Duration) {
        for _ in 0..times {
            self.now += interval;
            self.detector.heard(self.now);
        }
    }

    /// Looks at the detector now and then, so many times.
    fn look(&mut self, times: u32, every: Duration, words: &str) {
        writeln!(self.story, "{words}").unwrap();
        for _ in 0..times {
            self.now += every;
            self.line();
        }
    }

    fn line(&mut self) {
        let phi = self.detector.phi(self.now);
        let verdict = if self.detector.suspects(self.now) { "suspected" } else { "trusted" };
        let bar = "#".repeat(phi.min(40.0).round() as usize);
        let line = format!("{:>7.1} s  phi {phi:>5.1}  {verdict:9}  {bar}", self.now.as_secs_f64());
        writeln!(self.story, "{}", line.trim_end()).unwrap();
    }

    /// How long the peer has to be silent from now on until it is suspected.
    fn patience(&self) -> String {
        let silence = (0..1000).find(|&tenths| self.detector.suspects(self.now + SECOND / 10 * tenths));
        silence.map_or("more than 100 s".into(), |tenths| format!("{:.1} s", f64::from(tenths) / 10.0))
    }
}

#[test]
fn ex_3_5_silence_is_suspicious_where_it_is_unusual() {
    check::promise(
        "Phi stays low while a peer answers, and grows the longer it is silent, until it is suspected.",
    );
    let mut watch = Watch::new();
    watch.answers(30, SECOND);
    watch.look(
        2,
        SECOND / 2,
        "a peer that answers each second: half a second, then a second after its answer",
    );
    watch.detector.heard(watch.now);
    watch.look(8, SECOND, "it dies");
    let mut uneven = Watch::new();
    uneven.answers(30, SECOND);
    writeln!(uneven.story, "a peer that answers unevenly, just before each answer").unwrap();
    for tenths in [4, 21, 9, 28, 3, 30, 12, 5, 27, 8] {
        uneven.now += SECOND / 10 * tenths;
        uneven.line();
        uneven.detector.heard(uneven.now);
    }
    let mut early = Watch::new();
    early.look(6, SECOND, "a peer of whom nothing was ever heard, watched from 0 s on");
    check::snapshot!("phi", watch.story + &uneven.story + &early.story);
}

#[test]
fn ex_3_5_patience_grows_with_what_is_usual() {
    check::promise("A peer that answers unevenly is given more time, and only the last 100 answers count.");
    let mut story = String::new();
    let mut watch = Watch::new();
    writeln!(story, "of a new peer nothing is known: suspected after {}", watch.patience()).unwrap();
    watch.answers(1, SECOND);
    writeln!(story, "after one answer: {}", watch.patience()).unwrap();
    watch.answers(100, SECOND);
    writeln!(story, "after 100 answers like a clock's: {}", watch.patience()).unwrap();
    for round in 0..150 {
        watch.answers(1, if round % 3 == 0 { SECOND * 3 } else { SECOND / 2 });
        assert!(!watch.detector.suspects(watch.now), "a peer that answers unevenly is suspected");
    }
    writeln!(story, "after 150 that came now soon and now late: {}", watch.patience()).unwrap();
    watch.answers(99, SECOND);
    let phi = |watch: &Watch| watch.detector.phi(watch.now + SECOND * 3);
    writeln!(
        story,
        "after 99 more like a clock's: {}, and phi {:.3} after 3 s",
        watch.patience(),
        phi(&watch)
    )
    .unwrap();
    watch.answers(1, SECOND);
    writeln!(story, "after one more: {}, and phi {:.3} after 3 s", watch.patience(), phi(&watch)).unwrap();
    let mut slow = Watch::new();
    slow.answers(100, SECOND * 2);
    writeln!(story, "of another peer, that answers every 2 seconds: {}", slow.patience()).unwrap();
    let mut rare = Watch::every(SECOND * 10);
    writeln!(story, "of one that is pinged every 10 seconds, and is new: {}", rare.patience()).unwrap();
    rare.answers(20, SECOND * 10);
    writeln!(story, "after 20 answers like a clock's: {}", rare.patience()).unwrap();
    check::snapshot!("patience", story);
}

#[test]
fn ex_3_5_a_flapping_peer_fools_nobody() {
    check::promise(
        "A peer that comes and goes is suspected as fast the tenth time as the first, and trusted only after three answers.",
    );
    let mut watch = Watch::new();
    watch.answers(20, SECOND);
    for round in 1..=10 {
        writeln!(
            watch.story,
            "round {round}: suspected after {} of silence; it is silent for 10 s",
            watch.patience()
        )
        .unwrap();
        watch.now += SECOND * 9;
        for answer in 1..=4 {
            watch.answers(1, SECOND);
            if round == 1 || round == 10 {
                write!(watch.story, "  answer {answer}").unwrap();
                watch.line();
            }
        }
    }
    writeln!(watch.story, "it answers once, and is silent for 10 s, and so on").unwrap();
    for _ in 0..3 {
        watch.answers(1, SECOND * 10);
        watch.answers(1, SECOND);
        watch.line();
    }
    watch.now += SECOND * 9;
    writeln!(watch.story, "it is back for good").unwrap();
    for _ in 0..3 {
        watch.answers(1, SECOND);
        watch.line();
    }
    let mut story = watch.story;
    let mut uneven = Watch::uneven();
    writeln!(story, "an uneven peer: suspected after {}", uneven.patience()).unwrap();
    uneven.now += SECOND * 60;
    uneven.answers(3, SECOND);
    writeln!(story, "after a minute of silence and three answers: {}", uneven.patience()).unwrap();
    let mut late = Watch::new();
    late.now += SECOND * 10;
    late.answers(1, SECOND);
    late.answers(2, SECOND * 3);
    writeln!(story, "a new peer, late at first, then every 3 s: suspected after {}", late.patience())
        .unwrap();
    check::snapshot!("flapping", story);
}

#[test]
fn ex_3_5_an_observer_that_slept_blames_nobody() {
    check::promise(
        "When the observer itself did not run for a minute, no peer is suspected for that minute's silence.",
    );
    let mut watch = Watch::new();
    watch.answers(20, SECOND);
    watch.now += SECOND * 60;
    writeln!(watch.story, "the observer was stopped for 60 s, and does not know it yet").unwrap();
    watch.line();
    watch.detector.slept(SECOND * 60);
    writeln!(watch.story, "it knows").unwrap();
    watch.line();
    watch.look(5, SECOND, "and the peer is silent from here on");
    let mut other = Watch::new();
    other.answers(20, SECOND);
    other.now += SECOND * 60;
    other.detector.slept(SECOND * 60);
    other.answers(3, SECOND);
    writeln!(watch.story, "where it answers instead, it is suspected after {}, as before", other.patience())
        .unwrap();
    let mut uneven = Watch::uneven();
    uneven.now += SECOND * 60;
    uneven.detector.slept(SECOND * 60);
    writeln!(watch.story, "an uneven peer: suspected after {}, as before", uneven.patience()).unwrap();
    let mut often = Watch::new();
    often.answers(20, SECOND);
    for _ in 0..3 {
        often.now += SECOND * 5 / 2;
        often.detector.slept(SECOND * 5 / 2);
    }
    writeln!(watch.story, "three times 2.5 s: suspected after {}, as before", often.patience()).unwrap();
    let mut gone = Watch::new();
    gone.answers(20, SECOND);
    gone.answers(1, SECOND * 10);
    gone.now += SECOND * 60;
    gone.detector.slept(SECOND * 60);
    writeln!(gone.story, "a peer that was suspected, and had answered once since").unwrap();
    gone.line();
    for _ in 0..2 {
        gone.answers(1, SECOND);
        gone.line();
    }
    gone.detector.slept(SECOND * 60);
    gone.answers(1, SECOND);
    writeln!(gone.story, "the observer slept for longer than the peer was silent").unwrap();
    gone.line();
    check::snapshot!("slept", watch.story + &gone.story);
}
