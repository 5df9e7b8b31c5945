//! 2.5: bad input, with everything around the handlers.

use std::fmt::Write as _;
use std::time::Duration;

use prost::Message;
use proto::kv::v1::{ListRequest, ScanRequest};
use tonic::Request;

use crate::support::{Node, put, show, show_entry, show_status};

#[tokio::test(start_paused = true)]
async fn ex_2_5_bad_input_gets_a_status_that_says_what_to_do() {
    check::promise(
        "Whatever a client sends, it gets a status with words that say what to do, and nothing is half written.",
    );
    let node = Node::start().await;
    let mut client = node.client().await;
    for key in ["apple", "fig", "kiwi"] {
        client.put(put(key, "green")).await.unwrap();
    }
    let mut story = String::new();
    let mut tell = |what: &str, answer: String| writeln!(story, "{what}\n    {answer}").unwrap();

    let list = ListRequest { page_size: 1, ..Default::default() };
    let page = client.list(list.clone()).await.unwrap().into_inner();
    let token = page.next_page_token;
    let mut second = ListRequest { page_token: token.clone(), page_size: 2, ..Default::default() };
    tell(
        "the token of the page before",
        show(client.list(second.clone()).await, |r| {
            r.entries.into_iter().map(|entry| show_entry(Some(entry))).collect::<Vec<_>>().join(", ")
        }),
    );
    second.prefix = b"a".to_vec();
    tell("the token with another prefix", show(client.list(second.clone()).await, |_| "a page".into()));
    second.page_token = b"no token".to_vec();
    tell("bytes that are no token", show(client.list(second.clone()).await, |_| "a page".into()));
    let mut token = proto::kv::v1::PageToken::decode(&*token).unwrap();
    token.replica = 2;
    second.page_token = token.encode_to_vec();
    tell("the token of another replica", show(client.list(second).await, |_| "a page".into()));
    let list = ListRequest { page_size: 1001, ..list };
    tell("a page of 1001", show(client.list(list).await, |_| "a page".into()));

    let large = put("large", vec![0; 3 << 20]);
    tell("a message of 3 MiB", show(client.put(large).await, |_| "written".into()));
    let raw = async |bytes: &[u8]| {
        let status = net::raw(node.service.routes(), "/atoll.kv.v1.KeyValue/Put", bytes).await;
        if status.code() == tonic::Code::Ok { "Ok".into() } else { show_status(&status) }
    };
    tell("a frame that ends too soon", raw(&[0, 0, 0, 0, 20, 18, 5, b'a', b'p']).await);
    tell("bytes that are no message", raw(&[0, 0, 0, 0, 3, 0xff, 0xff, 0xff]).await);
    tell("a namespace that is no UTF-8", raw(&[0, 0, 0, 0, 4, 0x0a, 2, 0xff, 0xfe]).await);
    // Field 15, which this program does not know, with the number 1.
    let newer = [&[0, 0, 0, 0, 6, 18, 2, b'o', b'k'][..], &[0x78, 1]].concat();
    tell("a field that only a newer replica knows", raw(&newer).await);
    let nowhere = net::raw(node.service.routes(), "/atoll.kv.v1.KeyValue/Increment", &[0; 5]).await;
    tell("a method that is not there", show_status(&nowhere));

    let mut late = Request::new(ScanRequest::default());
    late.set_timeout(Duration::ZERO);
    tell("a deadline that has passed", show(client.scan(late).await, |_| "entries".into()));
    node.shutdown.begin();
    tell("during shutdown", show(client.put(put("late", "")).await, |_| "written".into()));
    let other = Node::start().await;
    let mut client = other.client().await;
    other.break_engine();
    tell("after the engine has stopped", show(client.put(put("late", "")).await, |_| "written".into()));

    let keys: Vec<_> = node
        .store
        .scan(store::Scan { namespace: "default".into(), limit: 10, ..Default::default() })
        .await
        .unwrap()
        .objects
        .into_iter()
        .map(|(key, _)| key.key().escape_ascii().to_string())
        .collect();
    writeln!(story, "on disk at the end: {}", keys.join(" ")).unwrap();
    check::snapshot!("bad_input", story);
}
