//! Compiles the `.proto` files with protox, so that nobody needs protoc, into
//! Rust code and a descriptor set. Both are committed: an attendee's build
//! contains neither a compiler for protobuf nor a generator for tonic.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use prost::Message;

const FILES: [&str; 2] = ["atoll/kv/v1/kv.proto", "atoll/object/v1/object.proto"];

/// Writes to the folder given as the only argument, or to `proto/src/generated`.
fn main() -> Result<()> {
    let proto = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let out = std::env::args_os().nth(1).map_or_else(|| proto.join("src/generated"), PathBuf::from);
    fs::create_dir_all(&out).with_context(|| format!("cannot create {}", out.display()))?;

    let descriptors = protox::compile(FILES, [&proto])?;
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure().out_dir(&out).build_transport(true).compile_fds(descriptors)?;
    Ok(())
}
