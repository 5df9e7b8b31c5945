//! Steps that are left out together: a fault, and what ends it.

use crate::action::Action;
use crate::schedule::Step;

/// Steps that belong together, each with its place in the schedule.
pub(super) type Unit = Vec<(usize, Step)>;

/// The steps of a schedule in units: a heal without its cut would do nothing, and a kill without its start is another
/// fault than the one that broke the promise.
pub(super) fn split(steps: &[Step]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let waits = |unit: &&mut Unit| unit.last().is_some_and(|(_, last)| ends(&last.action, &step.action));
        match units.iter_mut().find(waits) {
            Some(unit) => unit.push((place, step.clone())),
            None => units.push(vec![(place, step.clone())]),
        }
    }
    units
}

/// The steps of these units, in the order that they had in the schedule.
pub(super) fn join(units: &[Unit]) -> Vec<Step> {
    let mut steps = units.concat();
    steps.sort_by_key(|(place, _)| *place);
    steps.into_iter().map(|(_, step)| step).collect()
}

/// Whether the second ends what the first began.
fn ends(begun: &Action, end: &Action) -> bool {
    use Action::{
        Backup, Continue, Cut, FailDisk, FillDisk, FreeDisk, Heal, Kill, KillAndLose, KillAtCommit,
        KillAtPoll, Pause, Restore, Start, Stop,
    };
    match (begun, end) {
        (Cut { from, to }, Heal { from: healed, to: at }) => (from, to) == (healed, at),
        (
            Kill { replica }
            | Stop { replica }
            | KillAtCommit { replica, .. }
            | KillAtPoll { replica, .. }
            | KillAndLose { replica, .. }
            | FailDisk { replica, .. }
            | Restore { replica },
            Start { replica: started, .. },
        ) => replica == started,
        (Pause { replica }, Continue { replica: other })
        | (FillDisk { replica }, FreeDisk { replica: other })
        | (Backup { replica }, Restore { replica: other }) => replica == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn steps(actions: &[Action]) -> Vec<Step> {
        let step =
            |(at, action): (u64, &Action)| Step { at: Duration::from_millis(at), action: action.clone() };
        (0..).zip(actions).map(step).collect()
    }

    #[test]
    fn a_fault_and_what_ends_it_are_one_unit_and_others_are_their_own() {
        let (cut, heal) = (Action::Cut { from: 1, to: 2 }, Action::Heal { from: 1, to: 2 });
        let (kill, start) = (Action::Kill { replica: 1 }, Action::Start { replica: 1, clock: 0 });
        let reset = Action::Reset { a: 1, b: 2 };
        let all = steps(&[cut.clone(), kill.clone(), cut, reset, heal.clone(), start.clone(), heal]);
        let units = split(&all);
        let places: Vec<Vec<usize>> =
            units.iter().map(|unit| unit.iter().map(|(place, _)| *place).collect()).collect();
        assert_eq!(places, [vec![0, 4], vec![1, 5], vec![2, 6], vec![3]]);
        assert_eq!(join(&units), all);
        // Another replica's start ends nothing.
        assert_eq!(split(&steps(&[kill, Action::Start { replica: 2, clock: 0 }])).len(), 2);
    }

    #[test]
    fn a_copy_its_return_and_the_start_after_it_are_one_unit() {
        let (backup, restore) = (Action::Backup { replica: 1 }, Action::Restore { replica: 1 });
        let start = Action::Start { replica: 1, clock: 0 };
        assert_eq!(split(&steps(&[backup, restore, start])).len(), 1);
    }
}
