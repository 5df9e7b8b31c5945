// mutant of 1.4: one chunk is enough
// A chunk is larger than a page, until tombstones fill it.
let chunk = self.chunk(&scan, after.take()).await?;
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
Ok(page)
