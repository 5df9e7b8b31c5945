//! What is given, and holds before anything is written.

use antientropy::Message;
use prost::Message as _;
use proto::antientropy::v1::SyncMessage;

use crate::support::machines::{head, key, object, words};

#[test]
fn a_check_has_so_many_bytes() {
    check::promise("A CHECK costs what it costs, to the byte.");
    let mut story = String::new();
    let mut line = |what: &str, message: Message| {
        let (words, bytes) = (words(&message), SyncMessage::from(message).encoded_len());
        story += &format!("{bytes:>5} bytes  {words:<24}  {what}\n");
    };
    let check = |name: &str, text: &str| Message::Check { key: key(name), head: Some(head(text)) };
    line("a key of 5 bytes, written by one replica", check("apple", "3@1"));
    line("a larger version", check("apple", "1000000@1"));
    line("a key of 36 bytes, such as a UUID", check("0e37df36-f698-11e6-8dd4-cb9ced3df976", "1000000@1"));
    let mut three = head("1000003@3").metadata;
    three.parent = Some(object("1000002@2").version.into());
    three.vector = ["1000001@1", "1000002@2", "1000003@3"].map(|text| object(text).version.into()).to_vec();
    let head_of_three = antientropy::Head::try_from(three).unwrap();
    line("written by three replicas", Message::Check { key: key("apple"), head: Some(head_of_three) });
    line(
        "a question for what the one that asks does not hold",
        Message::Check { key: key("apple"), head: None },
    );
    line("with its value, of 5 bytes", Message::Repair { key: key("apple"), object: object("20@11") });
    line("the end of the last slice", Message::Complete { through: None, knowledge: None });
    line("the end of another slice", Message::Complete { through: Some(key("apple")), knowledge: None });
    check::snapshot!("bytes", story);
}

#[test]
fn a_message_comes_back_as_it_was() {
    check::promise("What is read is what was sent.");
    let messages = [
        Message::Check { key: key("apple"), head: Some(head("3@1 deleted")) },
        Message::Check { key: key("zn/plum"), head: None },
        Message::Repair { key: key("apple"), object: object("3@1") },
        Message::Repair { key: key("apple"), object: object("3@1 deleted") },
        Message::Complete { through: Some(key("apple")), knowledge: None },
        Message::Complete { through: None, knowledge: Some([object("7@2").version].into_iter().collect()) },
    ];
    for message in messages {
        let bytes = SyncMessage::from(message.clone()).encode_to_vec();
        let read = SyncMessage::decode(&*bytes).unwrap();
        assert_eq!(Message::try_from(read).unwrap(), message);
    }
}
