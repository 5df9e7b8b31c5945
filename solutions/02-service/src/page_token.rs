//! Page tokens: where the next page begins, bound to the request and to the replica.

use prost::Message;
use proto::kv::v1::{ListRequest, PageToken};
use store::ReplicaId;

use crate::Error;

/// The token that requests the page after the key `after`.
pub fn make(replica: ReplicaId, request: &ListRequest, after: Vec<u8>) -> Vec<u8> {
    let token = PageToken { replica: replica.0, request: checksum_of(request), after, checksum: 0 };
    PageToken { checksum: crc32fast::hash(&token.encode_to_vec()), ..token }.encode_to_vec()
}

/// The key that the page of this request begins after; None for the first page.
///
/// # Errors
/// If the token is not one that this replica made for this request.
pub fn read(replica: ReplicaId, request: &ListRequest) -> Result<Option<Vec<u8>>, Error> {
    if request.page_token.is_empty() {
        return Ok(None);
    }
    let token = PageToken::decode(&*request.page_token).map_err(|_| Error::ForeignToken)?;
    let unsigned = PageToken { checksum: 0, ..token.clone() };
    if token.replica != replica.0 || token.checksum != crc32fast::hash(&unsigned.encode_to_vec()) {
        return Err(Error::ForeignToken);
    }
    if token.request != checksum_of(request) {
        return Err(Error::StaleToken);
    }
    Ok(Some(token.after))
}

/// The page size may change from page to page; the rest of the request may not.
fn checksum_of(request: &ListRequest) -> u32 {
    let bound = ListRequest { page_size: 0, page_token: Vec::new(), ..request.clone() };
    crc32fast::hash(&bound.encode_to_vec())
}
