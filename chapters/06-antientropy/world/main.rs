//! What stands after chapter 06, in a simulated fleet; `cargo workshop world` runs it.

#[path = "../../05-replication/world/parts.rs"]
mod parts;
mod replica;

use std::process::ExitCode;

fn main() -> ExitCode {
    world::main(replica::AntiEntropyReplica)
}
