// mutant of 2.2: what cannot be read is not there
// One match fewer. The client takes it for an answer, and does not ask another replica.
/// Reads one object.
pub async fn get(&self, request: GetRequest) -> Result<GetResponse, Error> {
    let key = key(&request.namespace, request.key)?;
    let options: ReturnOptions = request.options.unwrap_or_default();
    let object = self.store.get_with_tombstone(&key).await.unwrap_or_default();
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
    let tombstone = self.store.delete(&key).await?;
    if let Some(tombstone) = &tombstone {
        self.metrics.wrote(tombstone);
    }
    Ok(DeleteResponse { metadata: tombstone.map(|object| object.metadata()) })
}
