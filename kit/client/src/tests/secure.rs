//! Commands to a replica within TLS, and what they say when the two do not agree.

use tls::{Files, Tls};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::certificates::Ca;
use super::line::{fail, run};
use super::replica;

/// The options that give `files`.
fn options(files: &Files) -> Vec<String> {
    [("--tls-ca", &files.ca), ("--tls-cert", &files.certificate), ("--tls-key", &files.key)]
        .iter()
        .flat_map(|(name, path)| [(*name).to_owned(), path.display().to_string()])
        .collect()
}

/// A line with options in front of the command.
fn line<'a>(options: &'a [String], rest: &[&'a str]) -> Vec<&'a str> {
    options.iter().map(String::as_str).chain(rest.iter().copied()).collect()
}

#[tokio::test]
async fn every_command_goes_through_tls() {
    let ca = Ca::new("fleet");
    let address = replica::start(Some(Tls::load(ca.files("server", "127.0.0.1")).unwrap())).await;
    let options = options(&ca.files("client", "client.test"));
    let removed = run(&line(&options, &["remove-peer", "6", "--address", &address])).await.unwrap();
    assert_eq!(removed, "8@1\n");
    let synchronized = run(&line(&options, &["--address", &address, "sync"])).await.unwrap();
    assert!(synchronized.starts_with("replica 1 "), "{synchronized}");
    // This replica has no keys: the answer comes from it, and is that.
    let (code, text) = fail(&line(&options, &["status", "--address", &address])).await;
    assert_eq!((code, text.split(':').next()), (3, Some("UNIMPLEMENTED")));
}

#[tokio::test]
async fn the_health_of_a_replica_within_tls() {
    let ca = Ca::new("fleet");
    let address = replica::start(Some(Tls::load(ca.files("server", "127.0.0.1")).unwrap())).await;
    let options = options(&ca.files("client", "client.test"));
    let options = super::line::options(&line(&options, &["--address", &address, "status"]));
    let mut health = HealthClient::new(options.connect().await.unwrap());
    let answer = health.check(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(answer.status, 1, "SERVING");
}

#[tokio::test]
async fn all_three_files_and_https_or_none_of_it() {
    let (code, text) = fail(&["peers", "--tls-ca", "ca.pem", "--address", "https://127.0.0.1:1"]).await;
    assert_eq!(code, 2);
    assert_eq!(
        text,
        "--tls-ca, --tls-cert and --tls-key belong together; give --tls-cert and --tls-key too, \
         or none of the three"
    );
    let (code, text) = fail(&["peers", "--address", "https://127.0.0.1:1"]).await;
    assert_eq!((code, &text[..38]), (2, "an https:// address needs --tls-ca, --"));
    let files = ["--tls-ca", "no.pem", "--tls-cert", "no.pem", "--tls-key", "no.key"];
    let (code, text) = fail(&[&files[..], &["peers"]].concat()).await;
    assert!(code == 2 && text.contains("give --address https://"), "{text}");
    let (code, text) = fail(&[&files[..], &["peers", "--address", "https://127.0.0.1:1"]].concat()).await;
    assert!(code == 2 && text.starts_with("cannot read no.pem; check the path"), "{text}");
    assert!(text.ends_with(')'), "what the operating system says: {text}");
}

#[tokio::test]
async fn who_is_not_trusted_is_told_why() {
    let ca = Ca::new("fleet");
    let address = replica::start(Some(Tls::load(ca.files("server", "127.0.0.1")).unwrap())).await;
    let other = Ca::new("other");
    let mut stranger = other.files("client", "client.test");
    let (code, text) = fail(&line(&options(&stranger), &["peers", "--address", &address])).await;
    let expected = "no TLS with REPLICA: the certificate of the other side is not signed by the CA in ";
    assert!(code == 4 && text.starts_with(expected), "{text}");
    stranger.ca = ca.folder().join("ca.pem");
    let (code, text) = fail(&line(&options(&stranger), &["peers", "--address", &address])).await;
    assert!(code == 4 && text.contains("the other side refused the certificate "), "{text}");
}

#[tokio::test]
async fn only_a_replica_is_taken_for_one() {
    let ca = Ca::new("fleet");
    let other = Tls::load(ca.files_of("server", "127.0.0.1", &["atoll://client"])).unwrap();
    let address = replica::start(Some(other)).await;
    let files = ca.files_of("client", "client.test", &["atoll://client"]);
    let (code, text) = fail(&line(&options(&files), &["peers", "--address", &address])).await;
    let expected = "no TLS with REPLICA: the other side was to show the certificate atoll://replica/ID, \
                    and shows atoll://client;";
    assert!(code == 4 && text.starts_with(expected), "{text}");
}

#[tokio::test]
async fn one_with_tls_and_one_without_do_not_talk() {
    let ca = Ca::new("fleet");
    let secure = replica::start(Some(Tls::load(ca.files("server", "127.0.0.1")).unwrap())).await;
    let plain = replica::start(None).await;
    let (code, text) = fail(&["peers", "--address", &secure.replace("https", "http")]).await;
    assert!(code == 4 && text.starts_with("no answer from REPLICA: "), "{text}");
    assert!(text.ends_with("with https:// where it is within TLS."), "{text}");
    let options = options(&ca.files("client", "client.test"));
    let (code, text) = fail(&line(&options, &["peers", "--address", &plain.replace("http", "https")])).await;
    assert_eq!(code, 4);
    assert!(text.starts_with("no TLS with REPLICA: the other side does not speak TLS"), "{text}");
}

#[tokio::test]
async fn a_command_may_have_options_of_these_names_itself() {
    for line in [["serve", "--tls-ca", "ca.pem"], ["--tls-ca", "ca.pem", "serve"]] {
        assert_eq!(run(&line).await.unwrap(), "Some(\"ca.pem\")");
    }
}
