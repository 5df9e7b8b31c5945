// mutant of 1.4: the next page begins after the object that did not fit
// The key at hand when the page is found full is the first of the next page, and `after` leaves it out.
loop {
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
            page.next = Some(key.key().to_vec());
            return Ok(page);
        }
        page.push(key, object);
    }
}
