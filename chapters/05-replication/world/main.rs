//! What stands after chapter 05, in a simulated fleet; `cargo workshop world --chapter 05` runs it.

mod parts;
mod replica;

use std::process::ExitCode;

fn main() -> ExitCode {
    world::main(replica::StreamingReplica)
}
