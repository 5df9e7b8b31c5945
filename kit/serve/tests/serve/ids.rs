//! The id of a request: the client's own, or a new one.

use serve::Shutdown;
use tonic::Request;

use crate::service::{Seen, client, get};

#[tokio::test]
async fn the_id_of_the_client_comes_back_with_an_answer_and_with_an_error() {
    let mut client = client(&Seen::default(), &Shutdown::new()).await;
    let answer = client.get(get("apple")).await.unwrap();
    assert_eq!(answer.metadata().get("x-request-id").unwrap(), "r");
    let status = client.get(get("missing")).await.unwrap_err();
    assert_eq!(status.metadata().get("x-request-id").unwrap(), "r");
}

#[tokio::test]
async fn without_an_id_or_with_one_too_long_a_new_one_is_made_each_time() {
    let seen = Seen::default();
    let mut client = client(&seen, &Shutdown::new()).await;
    let mut ids = Vec::new();
    for given in [None, None, Some(String::new()), Some("x".repeat(129))] {
        let mut request = Request::new(get("apple").into_inner());
        if let Some(given) = given {
            request.metadata_mut().insert("x-request-id", given.parse().unwrap());
        }
        let answer = client.get(request).await.unwrap();
        let id = answer.metadata().get("x-request-id").unwrap().to_str().unwrap().to_owned();
        assert_eq!(id.len(), 16, "{id}");
        assert!(seen.lines().contains(&format!("{id} Ok")), "the observer has the same id");
        ids.push(id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4, "each request has an id of its own");
}
