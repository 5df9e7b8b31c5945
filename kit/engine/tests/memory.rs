//! What large values cost in memory. Alone in its process, whose memory it measures.

#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

use engine::{Engine, Error};

/// MiB of memory in use.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    kibibytes.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() >> 10
}

#[tokio::test]
async fn large_values_that_were_read_do_not_stay_in_memory() {
    const VALUES: usize = 300;
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::leveldb(dir.path()).await.unwrap();
    let before = resident();
    for number in 0..VALUES {
        let put = move |tx: &mut engine::Transaction<'_>| {
            tx.put(format!("{number:04}"), vec![b'x'; 1 << 20]);
            Ok::<_, Error>(())
        };
        engine.update(put).await.unwrap();
    }
    for number in 0..VALUES {
        let get = move |reader: &mut engine::Reader<'_>| reader.get(format!("{number:04}").as_bytes());
        assert!(engine.read(get).await.unwrap().is_some());
    }
    let more = resident().saturating_sub(before);
    assert!(more < 250, "{VALUES} values of 1 MiB were written and read, and {more} MiB more are in use");
    engine.close().await.unwrap();
}
