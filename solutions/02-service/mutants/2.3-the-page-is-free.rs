// mutant of 2.3: the page does not count
// The channel is bounded, so the stream is. But each waits with a page in its hand, and there are many.
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
