// mutant of 1.4: reads until the page is full
// The loop's condition reads well. Where the page is full just as the chunk ends, nobody looks whether more follows.
while !page.is_full(scan.limit) {
    let chunk = self.chunk(&scan, after.take()).await?;
    let Some((last, _)) = chunk.last() else {
        return Ok(page);
    };
    after = Some(last.key().to_vec());
    for (key, object) in chunk {
        if object.is_tombstone() && !scan.tombstones {
            continue;
        }
        if page.is_full(scan.limit) {
            page.next = page.objects.last().map(|(last, _)| last.key().to_vec());
            return Ok(page);
        }
        page.push(key, object);
    }
}
Ok(page)
