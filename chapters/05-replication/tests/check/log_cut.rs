//! 5.1: the log is cut.

use std::fmt::Write as _;

use crate::support::{MOST, Replica, object};

#[tokio::test]
async fn ex_5_1_the_log_is_cut_at_what_all_have() {
    check::promise(
        "What all members have acknowledged goes from the log, and nothing else; the log says up to where.",
    );
    let mut replica = Replica::new(1).await;
    let mut story = String::new();
    for name in ["apple", "pear", "fig"] {
        replica.put(name, "green").await;
    }
    replica.take("plum", object((9, 2), "blue")).await;
    for name in ["date", "apple"] {
        replica.put(name, "red").await;
    }
    for acknowledged in [0, 2, 2, 5, 10] {
        replica.log.cut(&replica.store, acknowledged).await.unwrap();
        write!(story, "all have {acknowledged}\n{}", replica.show_log().await).unwrap();
    }
    replica = replica.restart().await;
    replica.log.cut(&replica.store, 100).await.unwrap();
    replica.put("lime", "green").await;
    let length = replica.log.length(&replica.store).await.unwrap();
    write!(story, "restarted, all have 100, then a put; length {length}\n{}", replica.show_log().await)
        .unwrap();
    check::snapshot!("acknowledged", story);
}

#[tokio::test]
async fn ex_5_1_the_log_is_cut_at_its_size() {
    check::promise(
        "A log that holds too many changes forgets the oldest, also with gaps between the numbers.",
    );
    let replica = Replica::with_log(1, 3).await;
    for name in ["apple", "pear", "fig", "date"] {
        replica.put(name, "green").await;
    }
    replica.take("plum", object((20, 2), "blue")).await;
    replica.put("lime", "green").await;
    let mut story = format!("5 changes, the size is 3\n{}", replica.show_log().await);
    replica.log.cut(&replica.store, 0).await.unwrap();
    write!(story, "cut\n{}", replica.show_log().await).unwrap();
    replica.fill(200).await;
    replica.log.cut(&replica.store, 0).await.unwrap();
    write!(story, "200 more, cut\n{}", replica.show_log().await).unwrap();
    check::snapshot!("size", story);
}

#[tokio::test]
async fn ex_5_1_a_large_log_is_cut_at_its_size() {
    check::promise(
        "However large a log may be, it holds so many changes and no more, though nobody acknowledges any.",
    );
    let replica = Replica::with_log(1, 150).await;
    let mut story = String::new();
    for writes in [150, 1, 100] {
        replica.fill(writes).await;
        replica.log.cut(&replica.store, 0).await.unwrap();
        let length = replica.log.length(&replica.store).await.unwrap();
        let cut = replica.log.was_cut(&replica.store).await.unwrap();
        writeln!(story, "{writes} more: the log was cut at {}, and holds {length}", cut.sequence).unwrap();
    }
    check::snapshot!("large", story);
}

#[tokio::test]
async fn ex_5_1_what_was_cut_is_not_walked_over_again() {
    check::promise(
        "However much was cut, reading the log touches what is in it, and not what was in it once: what is \
         deleted stays on the disk for a while, and a scan that begins before it walks over all of it.",
    );
    let replica = Replica::new(1).await;
    // Numbers have gaps: there are far fewer writes than the last number says.
    replica.take("plum", object((100_000, 2), "blue")).await;
    replica.fill(5_000).await;
    // Ten cuts, and after each somebody reads who lacks nearly all, and somebody who lacks nothing.
    for acknowledged in (100_500..=105_000).step_by(500) {
        replica.log.cut(&replica.store, acknowledged).await.unwrap();
        for sequence in [1, acknowledged] {
            replica.log.lag(&replica.store, sequence).await.unwrap();
            replica.log.read(&replica.store, sequence, 10).await.unwrap();
        }
    }
    let read = replica.store.engine().stats();
    let touched = read.rows_scanned + read.rows_skipped;
    assert!(
        touched <= 10_000,
        "5,000 changes were cut in ten rounds, and scans touched {touched} rows for it: {} that are there, \
         and {} that were deleted",
        read.rows_scanned,
        read.rows_skipped
    );
}

#[tokio::test]
async fn ex_5_1_a_crash_while_the_log_is_cut() {
    check::promise(
        "Wherever a crash interrupts the cutting, no change is gone that the log says it still holds.",
    );
    for commits in 0..=4 {
        let mut replica = Replica::new(1).await;
        replica.fill(130).await;
        replica.disk.fail_after(commits);
        let _ = replica.log.cut(&replica.store, 100).await;
        replica = replica.restart().await;
        let cut = replica.log.was_cut(&replica.store).await.unwrap();
        let page = replica.log.read(&replica.store, 0, MOST as usize).await.unwrap();
        let first = page.changes[0].sequence;
        assert_eq!(
            first,
            cut.sequence + 1,
            "crashed after {commits} commits: the log says that it was cut at {}, and begins with {first}",
            cut.sequence
        );
        assert_eq!(
            replica.log.length(&replica.store).await.unwrap(),
            page.changes.len() as u64,
            "the length that the log gives, and the changes that it holds"
        );
    }
}
