// mutant of 2.3: an error ends the stream as if all had been sent
// `while let Ok` reads well. The client takes half of the data for all of it.
let (sender, answers) = memory.channel(BUFFER);
tokio::spawn(async move {
    while let Ok(held) = sender.hold(MAX_PAGE).await
        && let Ok(page) = store.scan(scan.clone()).await {
        held.shrink(size(&page));
        for (key, object) in page.objects {
            metrics.read(&object);
            let response = ScanResponse { entry: Some(entry(&options, &key, object)) };
            if sender.send(Ok(response)).await.is_err() {
                return;
            }
            metrics.sent_in_stream("Scan");
        }
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return,
        }
    }
});
Ok(answers)
