//! Files that change while the process runs.

use std::fs;

use tls::{Error, Holder, Refusal, Tls};

use crate::pair::{handshake, talk};
use crate::support::Ca;

#[tokio::test]
async fn replaced_files_are_taken_at_the_next_handshake() {
    let ca = Ca::new("fleet");
    let client = Tls::load(ca.files("client", "client.test")).unwrap();
    let server = Tls::load(ca.expired("server", "server.test")).unwrap();
    let (refused, _) = handshake(&client, &server, "server.test").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Expired))), "{refused:?}");
    ca.files("server", "server.test");
    talk(&client, &server, "server.test").await;
    ca.files("server", "renamed.test");
    talk(&client, &server, "renamed.test").await;

    // The client's side reads its files again too.
    ca.expired("client", "client.test");
    let (_, refused) = handshake(&client, &server, "renamed.test").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Expired))), "{refused:?}");
}

#[tokio::test]
async fn another_ca_is_taken_too_and_no_old_session_gets_around_it() {
    let (old, new) = (Ca::new("old"), Ca::new("new"));
    let files = old.files("one", "one.test");
    let client = Tls::load(files.clone()).unwrap();
    let server = Tls::load(old.files("two", "two.test")).unwrap();
    talk(&client, &server, "two.test").await;
    fs::copy(new.folder().join("ca.pem"), &files.ca).unwrap();
    let (refused, _) = handshake(&client, &server, "two.test").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::UnknownCa { .. }))), "{refused:?}");
}

#[tokio::test]
async fn broken_files_leave_the_old_ones_in_force() {
    let ca = Ca::new("fleet");
    let files = ca.files("one", "one.test");
    let tls = Tls::load(files.clone()).unwrap();
    let (certificate, key) = (fs::read(&files.certificate).unwrap(), fs::read(&files.key).unwrap());

    fs::write(&files.certificate, "no certificate").unwrap();
    talk(&tls, &tls, "one.test").await;
    fs::remove_file(&files.certificate).unwrap();
    talk(&tls, &tls, "one.test").await;
    fs::write(&files.certificate, &certificate[..certificate.len() / 2]).unwrap();
    talk(&tls, &tls, "one.test").await;

    // Half of an exchange: the new certificate is there, and the new key not yet.
    let new = ca.files("one", "two.test");
    let new_key = fs::read(&new.key).unwrap();
    fs::write(&files.key, &key).unwrap();
    talk(&tls, &tls, "one.test").await;
    fs::write(&files.key, [new_key.as_slice(), b"\n"].concat()).unwrap();
    talk(&tls, &tls, "two.test").await;
}

#[tokio::test]
async fn the_certificate_of_another_holder_is_not_taken() {
    let ca = Ca::new("fleet");
    let tls = Tls::load(ca.files_of("one", "one.test", &["atoll://replica/3"])).unwrap();
    for other in [&["atoll://replica/4"][..], &["atoll://operator"], &[]] {
        ca.files_of("one", "one.test", other);
        talk(&tls, &tls, "one.test").await;
        assert_eq!(tls.holder(), Holder::Replica(3));
    }
    ca.files_of("one", "two.test", &["atoll://replica/3"]);
    talk(&tls, &tls, "two.test").await;
}
