//! Compiles the `.proto` files with protox, so that nobody needs protoc, into
//! Rust code and a descriptor set. All of it is committed: an attendee's build
//! contains neither a compiler for protobuf nor a generator for tonic.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use prost::Message;
use prost_types::FileDescriptorSet;

const FILES: [&str; 5] = [
    "atoll/antientropy/v1/antientropy.proto",
    "atoll/kv/v1/kv.proto",
    "atoll/object/v1/object.proto",
    "atoll/peer/v1/peer.proto",
    "atoll/replication/v1/replication.proto",
];

/// Where the messages and the descriptor set go, below the folder of the protos.
const MESSAGES: &str = "src/generated";

/// Where the services go. They are a crate of their own, so that a chapter without a network is built without tonic.
const SERVICES: &str = "rpc/src/generated";

/// Writes below the folder given as the only argument, or below that of the protos.
fn main() -> Result<()> {
    let proto = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let below = std::env::args_os().nth(1).map_or_else(|| proto.clone(), PathBuf::from);
    let descriptors = protox::compile(FILES, [&proto])?;
    messages(&descriptors, &below.join(MESSAGES))?;
    services(&descriptors, &below.join(SERVICES))
}

fn messages(descriptors: &FileDescriptorSet, out: &Path) -> Result<()> {
    make(out)?;
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    let generator = tonic_prost_build::configure().build_client(false).build_server(false);
    Ok(generator.out_dir(out).compile_fds(descriptors.clone())?)
}

/// Only what has a service in it, with the messages taken from the other crate.
fn services(descriptors: &FileDescriptorSet, out: &Path) -> Result<()> {
    make(out)?;
    let mut generator = tonic_prost_build::configure();
    for file in &descriptors.file {
        let package = file.package();
        let module = package.trim_start_matches("atoll.").replace('.', "::");
        generator = generator.extern_path(format!(".{package}"), format!("::proto::{module}"));
    }
    let mut with_services = descriptors.clone();
    with_services.file.retain(|file| !file.service.is_empty());
    Ok(generator.out_dir(out).compile_fds(with_services)?)
}

fn make(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}
