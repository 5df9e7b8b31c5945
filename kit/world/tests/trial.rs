//! A seed that fails in a chapter's test tells its story, and how to go on.

use world::{Failure, Numbers, Place, Program, Schedule, Started, Ways, World};

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

struct TellsItsNumbers;

#[tonic::async_trait]
impl Program for TellsItsNumbers {
    fn ways(&self) -> &'static [Ways] {
        &[Ways::Streams]
    }

    async fn start(&self, place: Place) -> Result<Started, Failure> {
        Err(format!("id {}, counters after {}", place.id, place.settings.counters_after).into())
    }
}

#[test]
fn in_an_old_fleet_replicas_have_large_numbers_and_are_called_by_those_of_the_schedule() {
    let world = World::new(TellsItsNumbers);
    let schedule = Schedule { numbers: Numbers { after: 1 << 40, apart: 2 }, ..world.schedule(1) };
    let ended = world.run(1, &schedule).ended.unwrap_err();
    let told = "replica 1: it does not start: id 1099511627778, counters after 1099511627776";
    assert!(ended.contains(told), "{ended}");
}
