// mutant of 2.3: notices only after the page
// One look at the end of each page is enough to end the task, but it counts messages that nobody got.
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
            let _ = sender.send(Ok(response)).await;
            metrics.sent_in_stream("Scan");
        }
        if sender.is_closed() {
            return;
        }
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return,
        }
    }
});
Ok(answers)
