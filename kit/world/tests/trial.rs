//! A seed that fails in a chapter's test tells its story, and how to go on.

use world::{Failure, Place, Program, Started, Ways};

struct DoesNotStart;

#[tonic::async_trait]
impl Program for DoesNotStart {
    fn ways(&self) -> &'static [Ways] {
        &[Ways::Streams]
    }

    async fn start(&self, _: Place) -> Result<Started, Failure> {
        Err("no store".into())
    }
}

#[test]
fn a_failure_tells_the_promise_what_was_seen_and_the_command_to_go_on_with() {
    let story = world::trial(DoesNotStart, 7, "cargo workshop world --mine").unwrap_err();
    for part in [
        "seed 7 failed. It breaks a promise: a fleet to which nothing happens comes up and takes writes.",
        "no store",
        "cargo workshop world --mine --seed 7",
    ] {
        assert!(story.contains(part), "no {part:?} in\n{story}");
    }
}
