// mutant of 2.3: unwraps the send
// It "cannot" fail, as long as nobody hangs up. The panic ends the task, so all seems well.
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
            sender.send(Ok(response)).await.unwrap();
            metrics.sent_in_stream("Scan");
        }
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return,
        }
    }
});
Ok(answers)
