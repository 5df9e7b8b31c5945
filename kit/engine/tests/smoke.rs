//! Smoke.
use engine::*;
#[tokio::test]
async fn memory() {
    let disk = MemoryDisk::new();
    let engine = Engine::memory(&disk);
    engine
        .update(|tx| {
            tx.put("a", "1");
            tx.put("b", "2");
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    let rows = engine.read(|r| r.scan(b"", None, 10)).await.unwrap();
    assert_eq!(rows.len(), 2);
}
#[tokio::test]
async fn leveldb() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        let engine = Engine::leveldb(dir.path()).await.unwrap();
        engine
            .update(|tx| {
                tx.put("a", "1");
                tx.put("b", "2");
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        let rows = engine.read(|r| r.scan(b"", None, 10)).await.unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(engine.read(|r| r.get(b"a")).await.unwrap(), Some(b"1".to_vec()));
        engine.close().await.unwrap();
        let mut v: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        v.sort();
        println!("{v:?}");
    }
}
