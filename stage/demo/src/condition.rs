//! What a script can wait for and expect.

use std::fmt;

use crate::event::Standing;
use crate::region::Region;
use crate::state::State;
use crate::words::{Unclear, Words};

/// Something that is so or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the words of the condition")]
pub enum Condition {
    /// All hold the same, and all answer.
    Converged,
    /// Some key is not the same everywhere.
    Diverged,
    /// So many keys are not the same everywhere.
    Differ { keys: usize },
    /// A replica holds this of a key.
    Holds { at: Region, key: String, held: Held },
    /// A replica's process is so.
    Stands { at: Region, standing: Standing },
}

/// What is held of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// This value.
    Value(String),
    /// No value: a tombstone, or nothing.
    None,
    /// Nothing: not even a tombstone.
    Collected,
}

const STANDINGS: [(Standing, &str); 3] =
    [(Standing::Running, "running"), (Standing::Paused, "paused"), (Standing::Down, "down")];

impl Condition {
    pub(crate) fn read(words: &mut Words<'_>) -> Result<Self, Unclear> {
        if words.take_if("converged") {
            return Ok(Self::Converged);
        }
        if words.take_if("diverged") {
            return Ok(Self::Diverged);
        }
        if words.take_if("differ") {
            return Ok(Self::Differ { keys: words.number("keys", u32::MAX)? as usize });
        }
        let at = match words.peek() {
            Some(_) => words.region()?,
            None => return what_may_be_said(words),
        };
        let Some(word) = words.next() else { return what_may_be_said(words) };
        if !words.is_empty() {
            let held = match words.rest("a value", usize::MAX)?.as_str() {
                "none" => Held::None,
                "collected" => Held::Collected,
                value => Held::Value(value.to_owned()),
            };
            return Ok(Self::Holds { at, key: word.to_owned(), held });
        }
        match STANDINGS.iter().find(|(_, name)| *name == word) {
            Some((standing, _)) => Ok(Self::Stands { at, standing: *standing }),
            None => what_may_be_said(words),
        }
    }

    /// Whether it can be decided now: what a replica held before it fell silent says nothing about
    /// what it holds.
    pub fn can_be_told(&self, state: &State) -> bool {
        !matches!(self, Self::Holds { at, .. } if state.verdict.unknown.contains(&at.id()))
    }

    /// Whether it is so; otherwise how it is instead.
    ///
    /// # Errors
    /// How it is instead, in words.
    pub fn judge(&self, state: &State) -> Result<(), String> {
        let verdict = &state.verdict;
        let (fine, instead) = match self {
            Self::Converged => (verdict.differ == 0 && verdict.unknown.is_empty(), differing(state)),
            Self::Diverged => (verdict.differ > 0, differing(state)),
            Self::Differ { keys } => (verdict.differ == *keys, differing(state)),
            Self::Stands { at, standing } => {
                let now = state.replica(*at).map(|replica| replica.state);
                (now == Some(*standing), format!("{at} is {}", now.map_or("not there", name)))
            }
            Self::Holds { at, key, held } => {
                let object = state.replica(*at).and_then(|replica| replica.objects.get(key));
                let value = object.and_then(|object| object.value.as_deref());
                let fine = match held {
                    Held::Value(wanted) => value == Some(wanted),
                    Held::None => value.is_none(),
                    Held::Collected => object.is_none(),
                };
                let instead = match (object, value) {
                    (Some(object), Some(value)) => {
                        format!("{at} holds {key} {value}, {}@{}", object.counter, object.writer)
                    }
                    (Some(object), None) => {
                        format!("{at} holds a tombstone of {key}, {}@{}", object.counter, object.writer)
                    }
                    (None, _) => format!("{at} holds no {key}"),
                };
                (fine, instead)
            }
        };
        if fine { Ok(()) } else { Err(instead) }
    }
}

fn what_may_be_said<T>(words: &Words<'_>) -> Result<T, Unclear> {
    words.unclear(
        "say converged, diverged, differ 1, de apple red, de apple none, de apple collected, or de running",
    )
}

fn differing(state: &State) -> String {
    let verdict = &state.verdict;
    let keys = match verdict.differ {
        0 => "all keys are the same everywhere".to_owned(),
        1 => format!("1 key differs ({})", verdict.keys.join(", ")),
        more => format!("{more} keys differ ({})", verdict.keys.join(", ")),
    };
    let unknown: Vec<_> = verdict.unknown.iter().filter_map(|id| Region::of(*id)).map(Region::name).collect();
    if unknown.is_empty() { keys } else { format!("{keys}, and no answer comes from {}", unknown.join(", ")) }
}

fn name(standing: Standing) -> &'static str {
    STANDINGS.iter().find(|(known, _)| *known == standing).map_or("starting", |(_, name)| name)
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Converged => f.write_str("converged"),
            Self::Diverged => f.write_str("diverged"),
            Self::Differ { keys } => write!(f, "differ {keys}"),
            Self::Stands { at, standing } => write!(f, "{at} {}", name(*standing)),
            Self::Holds { at, key, held } => match held {
                Held::Value(value) => write!(f, "{at} {key} {value}"),
                Held::None => write!(f, "{at} {key} none"),
                Held::Collected => write!(f, "{at} {key} collected"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Object, Verdict};

    fn judged(condition: &str, state: &State) -> Result<(), String> {
        Condition::read(&mut Words::new(condition)).unwrap().judge(state)
    }

    #[test]
    fn a_condition_is_judged_and_what_is_instead_is_told() {
        let mut state = State::new(None);
        let tombstone = Object { value: None, counter: 6, writer: 2, deleted: true };
        let apple = Object { value: Some("red".to_owned()), counter: 5, writer: 1, deleted: false };
        state.replicas[1].objects = [("apple".to_owned(), apple), ("pear".to_owned(), tombstone)].into();
        state.verdict = Verdict { differ: 1, keys: vec!["apple".to_owned()], ..Verdict::default() };
        let fine =
            ["differ 1", "de apple red", "de pear none", "us pear none", "us pear collected", "de down"];
        for condition in fine {
            assert_eq!(judged(condition, &state), Ok(()), "{condition}");
        }
        let not = [
            ("converged", "1 key differs (apple)"),
            ("de apple blue", "de holds apple red, 5@1"),
            ("de pear green", "de holds a tombstone of pear, 6@2"),
            ("de pear collected", "de holds a tombstone of pear, 6@2"),
            ("us apple red", "us holds no apple"),
            ("us running", "us is down"),
        ];
        for (condition, instead) in not {
            assert_eq!(judged(condition, &state), Err(instead.to_owned()), "{condition}");
        }
    }

    #[test]
    fn who_does_not_answer_is_not_known_to_hold_the_same() {
        let mut state = State::new(None);
        state.verdict.unknown = vec![3];
        let instead = "all keys are the same everywhere, and no answer comes from sg";
        assert_eq!(judged("converged", &state), Err(instead.to_owned()));
        assert_eq!(judged("differ 0", &state), Ok(()));
        let can_be_told =
            |condition| Condition::read(&mut Words::new(condition)).unwrap().can_be_told(&state);
        assert!(!can_be_told("sg apple none") && can_be_told("us apple none") && can_be_told("sg down"));
    }
}
