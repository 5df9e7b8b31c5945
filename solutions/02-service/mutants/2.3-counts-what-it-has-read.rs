// mutant of 2.3: a page counts when it has been read
// Then its size is known. But many pages are in memory before the first of them counts.
let (sender, answers) = memory.channel(BUFFER);
tokio::spawn(async move {
    loop {
        let page = match store.scan(scan.clone()).await {
            Ok(page) => page,
            Err(error) => {
                let _ = sender.send(Err(Error::Store(error).into())).await;
                return;
            }
        };
        let Ok(held) = sender.hold(size(&page)).await else { return };
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
