// mutant of 1.4: tombstones count towards the page
// The page is cut first and tombstones are left out after: pages come out short, or empty.
let mut seen = 0;
let mut last = None;
loop {
    let chunk = self.chunk(&scan, after.take()).await?;
    let Some((end, _)) = chunk.last() else {
        return Ok(page);
    };
    after = Some(end.key().to_vec());
    for (key, object) in chunk {
        if seen == scan.limit || page.is_full(scan.limit) {
            page.next = last;
            return Ok(page);
        }
        seen += 1;
        last = Some(key.key().to_vec());
        if !object.is_tombstone() || scan.tombstones {
            page.push(key, object);
        }
    }
}
