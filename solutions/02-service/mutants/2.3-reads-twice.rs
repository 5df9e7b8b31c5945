// mutant of 2.3: looks whether the next page is there
// Each page is read twice: once to see that it is there.
let (sender, answers) = memory.channel(BUFFER);
tokio::spawn(async move {
    loop {
        let Ok(held) = sender.hold(MAX_PAGE).await else { return };
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
            Some(next) => {
                scan.after = Some(next);
                let ahead = store.scan(scan.clone()).await;
                drop(ahead);
            }
            None => return,
        }
    }
});
Ok(answers)
