//! A CA made for a test, and certificates that it signs, as files in a folder that goes with the test.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair, SanType,
};
use tempfile::TempDir;
use tls::Files;

/// A CA, and the folder of its certificates.
pub struct Ca {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Ca {
    /// A CA of this name.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The files of `name`, with a new certificate for `host`, of a replica with the id 1.
    #[allow(dead_code, reason = "each test binary uses a part")]
    pub fn files(&self, name: &str, host: &str) -> Files {
        self.files_of(name, host, &["atoll://replica/1"])
    }

    /// The same, with these URIs.
    pub fn files_of(&self, name: &str, host: &str, uris: &[&str]) -> Files {
        self.signed(name, params(host, uris))
    }

    /// The files of `name`, with a certificate that expired long ago.
    #[allow(dead_code, reason = "each test binary uses a part")]
    pub fn expired(&self, name: &str, host: &str) -> Files {
        let mut params = params(host, &["atoll://replica/1"]);
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        self.signed(name, params)
    }

    fn signed(&self, name: &str, params: CertificateParams) -> Files {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let files = Files {
            ca: self.folder().join("ca.pem"),
            certificate: self.folder().join(format!("{name}.pem")),
            key: self.folder().join(format!("{name}.key")),
        };
        write(&files.certificate, &certificate.pem());
        write(&files.key, &key.serialize_pem());
        files
    }
}

fn params(host: &str, uris: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.subject_alt_names.extend(uris.iter().map(|uri| SanType::URI((*uri).try_into().unwrap())));
    params
}

/// Writes a file with a modification time that no other file of this process has: the clocks of file
/// systems are coarse, and a test is quick.
fn write(path: &Path, text: &str) {
    static WRITTEN: AtomicU64 = AtomicU64::new(1);
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(WRITTEN.fetch_add(1, Ordering::Relaxed));
    fs::write(path, text).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_modified(written).unwrap();
}
