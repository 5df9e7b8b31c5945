// mutant of 2.2: counts what was asked, not what was done
// One line less to think about, and every refused write shows up as a written one.
/// Reads one object.
pub async fn get(&self, request: GetRequest) -> Result<GetResponse, Error> {
    let key = key(&request.namespace, request.key)?;
    let options: ReturnOptions = request.options.unwrap_or_default();
    let object = self.store.get_with_tombstone(&key).await?;
    let wanted = object.filter(|object| options.tombstones || !object.is_tombstone());
    let object = wanted.ok_or(Error::NotFound)?;
    self.metrics.read(&object);
    Ok(GetResponse { entry: Some(entry(&options, &key, object)) })
}

/// Sets one value.
pub async fn put(&self, request: PutRequest) -> Result<PutResponse, Error> {
    let key = key(&request.namespace, request.key)?;
    let object = self.store.put(&key, request.value).await?;
    self.metrics.wrote(&object);
    Ok(PutResponse { metadata: Some(object.metadata()) })
}

/// Deletes one object.
pub async fn delete(&self, request: DeleteRequest) -> Result<DeleteResponse, Error> {
    let key = key(&request.namespace, request.key)?;
    if let Some(object) = self.store.get(&key).await? {
        self.metrics.wrote(&object);
    }
    let tombstone = self.store.delete(&key).await?;
    Ok(DeleteResponse { metadata: tombstone.map(|object| object.metadata()) })
}
