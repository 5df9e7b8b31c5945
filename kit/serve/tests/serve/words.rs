//! The errors that tonic makes, and what a client reads instead.

use proto::kv::v1::batch_request::Write;
use proto::kv::v1::session_request::Access;
use proto::kv::v1::{BatchRequest, PutRequest, SessionRequest};
use serve::Shutdown;
use tonic::{Code, Status};

use crate::service::{LIMIT, Seen, client, request, routes};

/// The status that raw bytes are answered with.
async fn answer(path: &str, bytes: &[u8]) -> Status {
    net::raw(routes(&Seen::default(), &Shutdown::new()), path, bytes).await
}

const PUT: &str = "/atoll.kv.v1.KeyValue/Put";

#[tokio::test]
async fn a_message_over_the_limit() {
    let mut client = client(&Seen::default(), &Shutdown::new()).await;
    let put = PutRequest { value: vec![0; 2000], ..PutRequest::default() };
    let status = client.put(request(put.clone())).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    let size = prost::Message::encoded_len(&put);
    assert!(status.message().contains(&format!("{size} bytes")), "{status}");
    assert!(status.message().contains(&format!("at most {LIMIT}")), "{status}");
}

#[tokio::test]
async fn a_message_over_the_limit_within_a_stream() {
    let mut client = client(&Seen::default(), &Shutdown::new()).await;
    let put = PutRequest { value: vec![0; 2000], ..PutRequest::default() };
    let large = BatchRequest { id: 1, write: Some(Write::Put(put)) };
    let status = client.batch(request(tokio_stream::once(large))).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
}

#[tokio::test]
async fn a_message_over_the_limit_after_an_answer() {
    let mut client = client(&Seen::default(), &Shutdown::new()).await;
    let put = PutRequest { value: vec![0; 2000], ..PutRequest::default() };
    let accesses = [None, Some(Access::Put(put))].map(|access| SessionRequest { id: 1, access });
    let mut answers = client.session(request(tokio_stream::iter(accesses))).await.unwrap().into_inner();
    let status = loop {
        match answers.message().await {
            Ok(answer) => assert!(answer.is_some(), "the session ends with an error"),
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::ResourceExhausted, "in trailers too: {status}");
}

#[tokio::test]
async fn a_truncated_frame() {
    let status = answer(PUT, &[0, 0, 0, 0, 9, 1, 2]).await;
    assert_eq!(status.code(), Code::Internal);
    assert!(status.message().contains("truncated frame"), "{status}");
}

#[tokio::test]
async fn no_message_at_all() {
    let status = answer(PUT, &[]).await;
    assert_eq!(status.code(), Code::Internal);
    assert!(status.message().contains("ends before its message"), "{status}");
}

#[tokio::test]
async fn a_frame_that_is_none() {
    let status = answer(PUT, b"GET / HTTP/1.1").await;
    assert_eq!(status.code(), Code::Internal);
    assert!(status.message().contains("no gRPC frame"), "{status}");
}

#[tokio::test]
async fn a_message_that_is_no_protobuf() {
    // Field 2 of a put is bytes; here it claims five and has one.
    let status = answer(PUT, &[0, 0, 0, 0, 3, 0x12, 5, 1]).await;
    assert_eq!(status.code(), Code::Internal);
    assert!(status.message().contains("not the protobuf that /atoll.kv.v1.KeyValue/Put takes"), "{status}");
}

#[tokio::test]
async fn a_field_of_a_newer_client_is_no_error() {
    // Field 15, a varint: unknown here.
    let status = answer(PUT, &[0, 0, 0, 0, 2, 0x78, 1]).await;
    assert_eq!(status.code(), Code::Ok);
}

#[tokio::test]
async fn a_method_and_a_service_that_do_not_exist() {
    for path in ["/atoll.kv.v1.KeyValue/Peek", "/atoll.kv.v9.KeyValue/Get"] {
        let status = answer(path, &[0, 0, 0, 0, 0]).await;
        assert_eq!(status.code(), Code::Unimplemented);
        assert!(status.message().starts_with(&format!("this replica has no method {path};")), "{status}");
    }
}
