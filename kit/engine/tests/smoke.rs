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
