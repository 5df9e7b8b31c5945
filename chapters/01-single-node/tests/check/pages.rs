//! 1.4: scans, page by page.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;

use engine::MemoryDisk;
use store::{Key, Scan};

use crate::support::{key, open};

#[tokio::test]
async fn ex_1_4_pages_hold_what_is_there_in_order() {
    check::promise(
        "Page after page gives each object once, in the order of the keys, and the last page says that it is the last.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    crate::support::fruit(&store).await;
    let mut story = String::new();
    let scans =
        [("", 2, false), ("", 3, false), ("", 5, false), ("", 2, true), ("p", 1, false), ("x", 2, false)];
    for (prefix, limit, tombstones) in scans {
        let which = if tombstones { "all" } else { "live" };
        writeln!(story, "prefix \"{prefix}\", {which}, {limit} a page").unwrap();
        story += &crate::support::pages(
            &store,
            Scan { prefix: prefix.into(), limit, tombstones, ..crate::support::fruits() },
        )
        .await;
    }
    check::snapshot!("pages", story);
}

#[tokio::test]
async fn ex_1_4_no_page_size_loses_an_object() {
    check::promise("Whatever the size of the pages, together they hold every object, once, in order.");
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let names: Vec<_> = (0..400).map(|number| format!("{number:03}").into_bytes()).collect();
    let keys = names.clone();
    store
        .write(move |write| {
            keys.iter()
                .try_for_each(|name| write.put(&Key::new("fruit", name.clone())?, b"x".to_vec()).map(drop))
        })
        .await
        .unwrap();
    let mut story = String::new();
    for limit in [7, 63, 64, 65, 127, 128, 129, 200, 255, 256, 257, 399, 400, 401] {
        let (sizes, found) =
            crate::support::all_pages(&store, Scan { limit, ..crate::support::fruits() }).await;
        let whole = if found == names { "every object" } else { "NOT every object once and in order" };
        let (pages, last) = (sizes.len(), sizes.last().unwrap());
        writeln!(story, "{limit:3} a page: {pages:3} pages, the last of {last:3}; {whole}").unwrap();
    }
    check::snapshot!("page_sizes", story);
}

#[tokio::test]
async fn ex_1_4_a_long_row_of_tombstones_hides_nothing() {
    check::promise("However many tombstones stand before an object, the page that should hold it holds it.");
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    store
        .write(|write| {
            for number in 0..400 {
                let key = Key::new("fruit", format!("gone-{number:03}"))?;
                write.put(&key, Vec::new())?;
                write.delete(&key)?;
            }
            write.put(&Key::new("fruit", "last")?, b"here".to_vec()).map(drop)
        })
        .await
        .unwrap();
    check::snapshot!(
        "past_tombstones",
        crate::support::pages(&store, Scan { limit: 2, ..crate::support::fruits() }).await
    );
}

#[tokio::test]
async fn ex_1_4_a_page_of_large_values_ends_early() {
    check::promise(
        "A page holds about a mebibyte of values at the most, and the next goes on where it ended.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    for number in 0..5 {
        store.put(&key(&format!("large-{number}")), vec![b'x'; 600_000]).await.unwrap();
    }
    check::snapshot!(
        "large_values",
        crate::support::pages(&store, Scan { limit: 10, ..crate::support::fruits() }).await
    );
}
