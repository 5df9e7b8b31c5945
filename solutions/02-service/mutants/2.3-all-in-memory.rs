// mutant of 2.3: all in memory, then sent
// The shortest way to a stream is a vector; it holds as long as the tests are small.
let mut responses = Vec::new();
let (sender, answers) = memory.channel(BUFFER);
tokio::spawn(async move {
    loop {
        match store.scan(scan.clone()).await {
            Ok(page) => {
                for (key, object) in page.objects {
                    metrics.read(&object);
                    responses.push(Ok(ScanResponse { entry: Some(entry(&options, &key, object)) }));
                }
                match page.next {
                    Some(next) => scan.after = Some(next),
                    None => break,
                }
            }
            Err(error) => {
                responses.push(Err(Error::Store(error).into()));
                break;
            }
        }
    }
    for response in responses {
        if sender.send(response).await.is_err() {
            return;
        }
        metrics.sent_in_stream("Scan");
    }
});
Ok(answers)
