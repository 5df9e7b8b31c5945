//! Who is let in.

use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tls::{Error, Refusal, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;

use crate::pair::{handshake, talk, tcp};
use crate::support::Ca;

fn words<T>(result: Result<T, Error>) -> String {
    result.err().expect("it is refused").to_string()
}

#[tokio::test]
async fn two_of_one_ca_talk() {
    let ca = Ca::new("fleet");
    let one = Tls::load(ca.files("one", "one.atoll.test")).unwrap();
    let two = Tls::load(ca.files("two", "127.0.0.1")).unwrap();
    talk(&two, &one, "one.atoll.test").await;
    talk(&one, &two, "127.0.0.1").await;
}

#[tokio::test]
async fn the_protocol_is_tls_1_3_and_http_2() {
    let ca = Ca::new("fleet");
    let tls = Tls::load(ca.files("one", "one.test")).unwrap();
    let (client, _server) = handshake(&tls, &tls, "one.test").await;
    let client = client.unwrap();
    assert_eq!(client.get_ref().1.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
    assert_eq!(client.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    assert_eq!(client.get_ref().1.handshake_kind(), Some(rustls::HandshakeKind::Full));
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused() {
    let ca = Ca::new("fleet");
    let files = ca.files("one", "one.test");
    let mut roots = RootCertStore::empty();
    roots.add(rustls::pki_types::CertificateDer::from_pem_file(&files.ca).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (near, far) = tcp().await;
    let name = ServerName::try_from("one.test").unwrap();
    let tls = Tls::load(files).unwrap();
    let (client, server) =
        tokio::join!(TlsConnector::from(Arc::new(config)).connect(name, near), tls.accept(far));
    let refused = words(server);
    assert!(refused.starts_with("the client showed no certificate; give it one"), "{refused}");
    let error = client.unwrap().read_u8().await.unwrap_err().to_string();
    assert!(error.contains("CertificateRequired"), "{error}");
}

#[tokio::test]
async fn another_ca_is_refused_by_either_side() {
    // The second has the name of the first and another key, as when a fleet is set up twice.
    for name in ["others", "fleet"] {
        let (ours, theirs) = (Ca::new("fleet"), Ca::new(name));
        let server = Tls::load(ours.files("server", "server.test")).unwrap();
        let mut mixed = theirs.files("client", "client.test");
        let stranger = Tls::load(mixed.clone()).unwrap();
        let (client, _) = handshake(&stranger, &server, "server.test").await;
        assert!(matches!(client, Err(Error::Refused(Refusal::UnknownCa { .. }))), "{client:?}");

        // It trusts the server, and is not trusted: the client must learn of it too, and why.
        mixed.ca = ours.folder().join("ca.pem");
        let stranger = Tls::load(mixed).unwrap();
        let (client, server) = handshake(&stranger, &server, "server.test").await;
        assert!(matches!(server, Err(Error::Refused(Refusal::UnknownCa { .. }))), "{server:?}");
        let refused = words(client);
        assert!(
            refused
                .ends_with("client.pem: another CA signed it; give both sides certificates of the same CA"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_wrong_host_name_is_refused() {
    let ca = Ca::new("fleet");
    let tls = Tls::load(ca.files("one", "one.test")).unwrap();
    let (client, server) = handshake(&tls, &tls, "two.test").await;
    let refused = words(client);
    assert!(refused.starts_with("the certificate of the other side is not for two.test;"), "{refused}");
    assert!(matches!(server, Err(Error::Refused(Refusal::ByOther { .. }))), "{server:?}");
    let (near, _far) = tcp().await;
    assert!(matches!(tls.connect("no host", near).await, Err(Error::Host { .. })));
}

#[tokio::test]
async fn an_expired_certificate_is_refused_and_both_sides_say_so() {
    let ca = Ca::new("fleet");
    let fresh = Tls::load(ca.files("fresh", "fresh.test")).unwrap();
    let expired = Tls::load(ca.expired("expired", "expired.test")).unwrap();
    let (client, server) = handshake(&fresh, &expired, "expired.test").await;
    assert_eq!(words(client), "the certificate of the other side has expired; renew it there");
    let refused = words(server);
    assert!(refused.ends_with("expired.pem: it has expired; renew it"), "{refused}");
    let (client, server) = handshake(&expired, &fresh, "fresh.test").await;
    assert!(matches!(server, Err(Error::Refused(Refusal::Expired))), "{server:?}");
    let refused = words(client);
    assert!(refused.ends_with("expired.pem: it has expired; renew it"), "{refused}");
}

#[tokio::test]
async fn what_is_no_tls_is_refused() {
    let ca = Ca::new("fleet");
    let tls = Tls::load(ca.files("one", "one.test")).unwrap();
    let (mut near, far) = tcp().await;
    near.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    let server = tls.accept(far).await;
    assert!(matches!(server, Err(Error::Refused(Refusal::NoTls))), "{server:?}");
    let (near, far) = tcp().await;
    drop(far);
    assert!(matches!(tls.connect("one.test", near).await, Err(Error::Broken(_))));
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_left_after_ten_seconds() {
    let ca = Ca::new("fleet");
    let tls = Tls::load(ca.files("one", "one.test")).unwrap();
    let begun = tokio::time::Instant::now();
    let (near, _silent) = tcp().await;
    assert!(matches!(tls.connect("one.test", near).await, Err(Error::Late(_))));
    let (_silent, far) = tcp().await;
    assert!(matches!(tls.accept(far).await, Err(Error::Late(_))));
    assert_eq!(begun.elapsed().as_secs(), 20);
}
