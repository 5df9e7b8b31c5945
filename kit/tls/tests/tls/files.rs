//! Files that are not what they should be: the error names the file and says what to do.

use std::fs;
use std::path::Path;

use tls::{Files, Tls};

use crate::support::Ca;

/// The error of loading `files`, without the folder.
fn error(files: &Files, folder: &Path) -> String {
    let error = Tls::load(files.clone()).unwrap_err().to_string();
    error.replace(&folder.join("").display().to_string(), "")
}

#[test]
fn each_wrong_file_is_named_with_what_to_do() {
    let ca = Ca::new("fleet");
    let good = ca.files("one", "one.test");
    let other = ca.files("two", "two.test");
    let wrong = ca.folder().join("wrong");
    let with = |text: &[u8]| fs::write(&wrong, text).unwrap();
    let certificate = Files { certificate: wrong.clone(), ..good.clone() };
    let authority = Files { ca: wrong.clone(), ..good.clone() };
    let key = Files { key: wrong.clone(), ..good.clone() };

    for files in [&certificate, &authority, &key] {
        assert_eq!(
            error(files, ca.folder()),
            "cannot read wrong; check the path, and that this process may read the file"
        );
    }
    with(b"hello");
    let none = "no certificate in wrong; it must hold -----BEGIN CERTIFICATE-----, in PEM";
    assert_eq!(error(&certificate, ca.folder()), none);
    assert_eq!(error(&authority, ca.folder()), none);
    assert_eq!(
        error(&key, ca.folder()),
        "no private key in wrong; it must hold -----BEGIN PRIVATE KEY-----, in PEM and not encrypted"
    );
    with(&fs::read(&good.key).unwrap());
    assert_eq!(error(&certificate, ca.folder()), none);
    with(&fs::read(&good.certificate).unwrap()[..100]);
    assert_eq!(
        error(&certificate, ca.folder()),
        "wrong is no PEM (a part has no end line); it must hold -----BEGIN ...----- and -----END ...----- lines"
    );
    with(b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n");
    for files in [&certificate, &authority] {
        let error = error(files, ca.folder());
        assert!(
            error.starts_with("wrong cannot be used: ") && error.ends_with("; create it again"),
            "{error}"
        );
    }
    with(b"-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n");
    let broken = error(&key, ca.folder());
    assert!(
        broken.starts_with("wrong cannot be used: ") && broken.ends_with("; create it again"),
        "{broken}"
    );
    assert_eq!(
        error(&Files { key: other.key, ..good }, ca.folder()),
        "the key two.key does not fit the certificate one.pem; give the key that the certificate was made for"
    );
}

#[test]
fn all_three_files_are_given_or_none() {
    let path = |name: &str| Some(name.into());
    assert!(Files::all_or_none(None, None, None).unwrap().is_none());
    assert!(Files::all_or_none(path("a"), path("b"), path("c")).unwrap().is_some());
    assert_eq!(
        Files::all_or_none(path("a"), None, None).unwrap_err().to_string(),
        "--tls-ca, --tls-cert and --tls-key belong together; give --tls-cert and --tls-key too, or none of the three"
    );
}
