// mutant of 2.3: a channel that is never full
// A bound was asked for, so there is one; it is only larger than every test that its author ran.
let (sender, receiver) = mpsc::channel(100_000);
tokio::spawn(async move {
    loop {
        let page = match store.scan(scan.clone()).await {
            Ok(page) => page,
            Err(error) => {
                let _ = sender.send(Err(Error::Store(error).into())).await;
                return;
            }
        };
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
Ok(ReceiverStream::new(receiver))
