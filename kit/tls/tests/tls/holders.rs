//! Who holds a certificate, and who answers where a replica was dialed.

use std::time::{Duration, SystemTime};

use tls::{Holder, Tls};
use tokio::net::TcpListener;
use tonic::transport::Endpoint;

use crate::pair::handshake;
use crate::support::Ca;

/// What the server sees of a client with these URIs.
async fn seen(ca: &Ca, uris: &[&str]) -> Holder {
    let server = Tls::load(ca.files("server", "server.test")).unwrap();
    let client = Tls::load(ca.files_of("client", "client.test", uris)).unwrap();
    let (near, far) = handshake(&client, &server, "server.test").await;
    assert_eq!(tls::holder(&near.unwrap()), Holder::Replica(1), "the client sees the server's");
    let holder = tls::holder(&far.unwrap());
    assert_eq!(holder, client.holder(), "both sides read the same");
    holder
}

#[tokio::test]
async fn a_certificate_says_who_holds_it() {
    let ca = Ca::new("fleet");
    assert_eq!(seen(&ca, &["atoll://replica/3"]).await, Holder::Replica(3));
    assert_eq!(seen(&ca, &["atoll://replica/18446744073709551615"]).await, Holder::Replica(u64::MAX));
    assert_eq!(seen(&ca, &["atoll://operator"]).await, Holder::Operator);
    assert_eq!(seen(&ca, &["https://example.test/", "atoll://client"]).await, Holder::Client);
    let nobody = seen(&ca, &[]).await.to_string();
    assert_eq!(nobody, "a certificate without a URI atoll://... among its subject alternative names");
    let two = seen(&ca, &["atoll://replica/3", "atoll://operator"]).await.to_string();
    assert_eq!(two, "a certificate with two URIs, atoll://replica/3 and atoll://operator, where one may be");
    let wrong = seen(&ca, &["atoll://admin"]).await.to_string();
    assert!(wrong.starts_with("a certificate with the URI \"atoll://admin\", which is none of"), "{wrong}");
}

/// What comes of dialing `replica` where a server with these URIs answers.
async fn dial(ca: &Ca, uris: &[&str], replica: Option<u64>) -> Result<(), String> {
    let server = Tls::load(ca.files_of("server", "127.0.0.1", uris)).unwrap();
    let client = Tls::load(ca.files_of("client", "client.test", &["atoll://client"])).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut stream = server.accept(listener.accept().await.unwrap().0).await.unwrap();
        // The settings of HTTP/2, so that the client's side of the handshake is done.
        tokio::io::AsyncWriteExt::write_all(&mut stream, &[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
        tokio::io::AsyncWriteExt::flush(&mut stream).await.unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
    });
    let dialed = client.channel(&Endpoint::from_shared(address).unwrap(), replica).await;
    serving.abort();
    dialed.map(|_| ()).map_err(|error| {
        let first: Option<&dyn std::error::Error> = Some(&error);
        let mut causes = std::iter::successors(first, |error| error.source());
        causes.find_map(|error| error.downcast_ref::<tls::Error>()).unwrap().to_string()
    })
}

#[tokio::test]
async fn who_is_dialed_as_a_replica_must_be_that_replica() {
    let ca = Ca::new("fleet");
    assert_eq!(dial(&ca, &["atoll://replica/3"], Some(3)).await, Ok(()));
    assert_eq!(dial(&ca, &["atoll://replica/3"], None).await, Ok(()));
    assert_eq!(
        dial(&ca, &["atoll://replica/2"], Some(3)).await.unwrap_err(),
        "the other side was to show the certificate atoll://replica/3, and shows atoll://replica/2; \
         check the address, and the subject alternative names of its certificate"
    );
    for other in [&["atoll://client"][..], &["atoll://operator"], &[]] {
        let refused = dial(&ca, other, None).await.unwrap_err();
        assert!(
            refused.starts_with("the other side was to show the certificate atoll://replica/ID,"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn the_end_of_the_own_certificate_is_known() {
    let ca = Ca::new("fleet");
    let expired = Tls::load(ca.expired("one", "one.test")).unwrap();
    // 2002-01-01, as the test's CA wrote it.
    assert_eq!(expired.expires(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_009_843_200)));
    ca.files("one", "one.test");
    expired.look().await;
    assert!(expired.expires().unwrap() > SystemTime::now(), "the new file counts");
}
