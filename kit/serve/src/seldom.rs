//! Log lines that strangers cause: some, however often they come.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many lines are written in each period.
const LINES: u32 = 10;
const PERIOD: Duration = Duration::from_secs(60);

/// Says of each line whether to write it, and counts those that were not.
#[derive(Debug, Default)]
pub struct Seldom(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    began: Option<Instant>,
    written: u32,
    kept_back: u64,
}

impl Seldom {
    /// Where a line may be written now: how many were kept back since the last one.
    pub fn turn(&self) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.began.is_none_or(|began| began.elapsed() >= PERIOD) {
            (state.began, state.written) = (Some(Instant::now()), 0);
        }
        if state.written == LINES {
            state.kept_back += 1;
            return None;
        }
        state.written += 1;
        Some(std::mem::take(&mut state.kept_back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_a_few_lines_and_a_count() {
        let lines = Seldom::default();
        let written = (0..1000).filter_map(|_| lines.turn()).collect::<Vec<_>>();
        assert_eq!(written, [0; 10]);
        tokio::time::advance(PERIOD).await;
        assert_eq!((lines.turn(), lines.turn()), (Some(990), Some(0)));
    }
}
