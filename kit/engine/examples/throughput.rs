//! How fast each engine is: `cargo run --release --example throughput [rows]`. Compare ratios; times depend on the disk.

use std::time::Instant;

use engine::{Engine, Error, MemoryDisk};

/// Callers that write, or read, at the same time.
const CALLERS: u64 = 64;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let rows = std::env::args().nth(1).and_then(|rows| rows.parse().ok()).unwrap_or(100_000);
    let dir = tempfile::tempdir().map_err(|cause| Error::Io {
        action: "create a directory".into(),
        kind: cause.kind(),
        message: cause.to_string(),
    })?;
    println!("{rows} rows; each figure is per second");
    println!(
        "engine    puts alone  puts 64 callers   ratio  gets 64 callers  gets in one body  misses in one body  rows scanned"
    );
    measure("memory", Engine::memory(&MemoryDisk::new()), rows).await?;
    measure("leveldb", Engine::leveldb(dir.path().join("leveldb")).await?, rows).await?;
    #[cfg(feature = "fjall")]
    measure("fjall", Engine::fjall(dir.path().join("fjall")).await?, rows).await?;
    Ok(())
}

async fn measure(name: &str, engine: Engine, rows: u64) -> Result<(), Error> {
    let alone = rate(rows / 100, put(&engine, 0, rows / 100)).await?;
    let together = rate(rows, callers(rows, |from, to| put(&engine, from, to))).await?;
    let gets = rate(rows, callers(rows, |from, to| get(&engine, from, to))).await?;
    let inside = rate(rows, get_inside(&engine, rows, "")).await?;
    let misses = rate(rows, get_inside(&engine, rows, "-")).await?;
    let scanned = rate(rows, scan(&engine)).await?;
    let ratio = together / alone;
    println!(
        "{name:8} {alone:11.0} {together:16.0} {ratio:7.1} {gets:16.0} {inside:17.0} {misses:19.0} {scanned:13.0}"
    );
    engine.close().await
}

async fn rate(count: u64, work: impl Future<Output = Result<(), Error>>) -> Result<f64, Error> {
    let start = Instant::now();
    work.await?;
    Ok(count as f64 / start.elapsed().as_secs_f64())
}

/// Splits `rows` among callers, and runs them at the same time.
async fn callers<F>(rows: u64, work: impl Fn(u64, u64) -> F) -> Result<(), Error>
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let share = rows / CALLERS;
    let tasks: Vec<_> = (0..CALLERS).map(|n| tokio::spawn(work(n * share, (n + 1) * share))).collect();
    for task in tasks {
        task.await.unwrap_or(Err(Error::Closed))?;
    }
    Ok(())
}

/// The rows in an order that jumps about.
fn key(n: u64) -> Vec<u8> {
    format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).into_bytes()
}

fn put(engine: &Engine, from: u64, to: u64) -> impl Future<Output = Result<(), Error>> + Send + 'static {
    let engine = engine.clone();
    async move {
        for n in from..to {
            engine
                .update(move |tx| {
                    tx.put(key(n), [7; 100]);
                    Ok::<_, Error>(())
                })
                .await?;
        }
        Ok(())
    }
}

fn get(engine: &Engine, from: u64, to: u64) -> impl Future<Output = Result<(), Error>> + Send + 'static {
    let engine = engine.clone();
    async move {
        for n in from..to {
            engine.read(move |reader| reader.get(&key(n))).await?;
        }
        Ok(())
    }
}

async fn get_inside(engine: &Engine, rows: u64, after_key: &'static str) -> Result<(), Error> {
    engine
        .read(move |reader| {
            for n in 0..rows {
                reader.get(&[&key(n), after_key.as_bytes()].concat())?;
            }
            Ok(())
        })
        .await
}

async fn scan(engine: &Engine) -> Result<(), Error> {
    let mut after: Option<Vec<u8>> = None;
    loop {
        let rows = engine.read(move |reader| reader.scan(b"", after.as_deref(), 1000)).await?;
        match rows.into_iter().next_back() {
            Some((key, _)) => after = Some(key),
            None => return Ok(()),
        }
    }
}
