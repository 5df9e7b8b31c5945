//! Delta debugging: the elements of a list that a failure needs.

/// Leaves out of `items` all that can be left out for as long as what is left fails: first halves, then ever
/// smaller parts, and last single ones. Of what is left no single one can be left out. `first` tells the place of
/// the first of several lists that fails.
///
/// Only complements of parts are tried, and from the first to the last part before any again: a part alone hardly
/// ever fails, but for a half, which is the complement of the other.
pub(super) fn minimize<T: Clone>(
    mut items: Vec<T>,
    mut first: impl FnMut(&[Vec<T>]) -> Option<usize>,
) -> Vec<T> {
    let mut size = items.len().div_ceil(2).max(1);
    loop {
        let before = items.len();
        let mut start = 0;
        while start < items.len() {
            let without = |start| [&items[..start], items.get(start + size..).unwrap_or_default()].concat();
            let mut rests: Vec<Vec<T>> = (start..items.len()).step_by(size).map(without).collect();
            let Some(place) = first(&rests) else { break };
            items = rests.swap_remove(place);
            start += place * size;
        }
        if size > 1 {
            size = size.div_ceil(2);
        } else if items.len() == before {
            return items;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first of some lists that fails.
    fn first<T>(fails: impl Fn(&[T]) -> bool) -> impl FnMut(&[Vec<T>]) -> Option<usize> {
        move |lists| lists.iter().position(|list| fails(list))
    }

    #[test]
    fn the_pair_that_a_failure_needs_is_found() {
        let needs = |items: &[u32]| items.contains(&17) && items.contains(&250);
        assert_eq!(minimize((0..300).collect(), first(needs)), [17, 250]);
    }

    #[test]
    fn what_is_left_fails_and_without_any_one_of_it_does_not() {
        // It depends on order and on number, so that parts hide each other.
        let fails = |items: &[u32]| {
            let odd = items.iter().filter(|item| *item % 2 == 1).count();
            odd >= 3 && items.windows(2).any(|pair| pair[1] > pair[0] + 4)
        };
        let left = minimize((0..40).collect(), first(fails));
        assert!(fails(&left), "{left:?}");
        for without in 0..left.len() {
            let mut rest = left.clone();
            rest.remove(without);
            assert!(!fails(&rest), "{rest:?} of {left:?}");
        }
    }

    #[test]
    fn nothing_is_left_of_what_fails_anyway_and_all_of_what_needs_all() {
        assert!(minimize(vec![1, 2, 3], first(|_| true)).is_empty());
        assert_eq!(minimize(vec![1, 2, 3], first(|items| items.len() == 3)), [1, 2, 3]);
        assert!(minimize(Vec::<u32>::new(), first(|_| true)).is_empty());
    }

    #[test]
    fn it_takes_far_fewer_runs_than_there_are_items() {
        let mut runs = 0;
        let fails = |items: &Vec<u32>| [3, 500, 998].iter().all(|needed| items.contains(needed));
        minimize((0..1_000).collect(), |lists| {
            let first = lists.iter().position(fails);
            runs += first.map_or(lists.len(), |place| place + 1);
            first
        });
        assert!(runs < 100, "{runs} runs");
    }
}
