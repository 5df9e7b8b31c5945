// mutant of 2.3: one page is held for all
// Each page has room for as much. But what it counts has shrunk to the first, and never grows.
let (sender, answers) = memory.channel(BUFFER);
tokio::spawn(async move {
    let Ok(held) = sender.hold(MAX_PAGE).await else { return };
    loop {
        let page = match store.scan(scan.clone()).await {
            Ok(page) => page,
            Err(error) => {
                let _ = sender.send(Err(Error::Store(error).into())).await;
                return;
            }
        };
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
