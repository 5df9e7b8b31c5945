//! The real workshop keeps its word; `cargo workshop verify` proves all of it.

use std::path::Path;
use std::process::Command;

#[test]
fn verify_quick() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut workshop = Command::new(env!("CARGO_BIN_EXE_workshop"));
    let output = workshop.args(["verify", "--quick"]).current_dir(root).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
}
