//! The circles within rules that all lead to each other: ways from rule to rule that come back to where they began.

use std::collections::BTreeSet;

/// No circle is longer than this, in rules.
const LONGEST: usize = 8;
/// Of one knot, no more circles than this are looked at, and no more steps are taken to find them.
const MOST: usize = 500;
const STEPS: usize = 100_000;

/// The circles of a knot, the shortest first, each from the first of its rules on; and whether these are all.
pub(super) fn rounds(knot: &[usize], edges: &[BTreeSet<usize>]) -> (Vec<Vec<usize>>, bool) {
    let mut found = Vec::new();
    let mut left = STEPS;
    // All of one length before any that is longer: what a short one explains need not be told of a long one.
    for length in 1..=LONGEST.min(knot.len()) {
        for first in knot {
            go(&mut vec![*first], length, (knot, edges), &mut left, &mut found);
        }
    }
    let are_all = left > 0 && found.len() < MOST;
    (found, are_all)
}

fn go(
    path: &mut Vec<usize>,
    length: usize,
    (knot, edges): (&[usize], &[BTreeSet<usize>]),
    left: &mut usize,
    found: &mut Vec<Vec<usize>>,
) {
    let (Some(first), Some(last)) = (path.first().copied(), path.last().copied()) else { return };
    if path.len() == length {
        if edges[last].contains(&first) && found.len() < MOST {
            found.push(path.clone());
        }
        return;
    }
    // A circle is found once: from its first rule on, over later ones.
    for next in edges[last].range(first + 1..) {
        *left = left.saturating_sub(1);
        if *left == 0 || found.len() >= MOST {
            return;
        }
        if !path.contains(next) && knot.binary_search(next).is_ok() {
            path.push(*next);
            go(path, length, (knot, edges), left, found);
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_circle_is_found_once_and_the_shortest_first() {
        let edges: Vec<BTreeSet<usize>> =
            [vec![1], vec![2, 0], vec![0, 3], vec![3]].map(|to| to.into_iter().collect()).into();
        assert_eq!(rounds(&[0, 1, 2], &edges), (vec![vec![0, 1], vec![0, 1, 2]], true));
        assert_eq!(rounds(&[3], &edges), (vec![vec![3]], true));
    }

    #[test]
    fn circles_of_eight_are_found_and_a_tangle_comes_to_an_end() {
        let ring: Vec<BTreeSet<usize>> = (0..8).map(|at| BTreeSet::from([(at + 1) % 8])).collect();
        let all: Vec<usize> = (0..8).collect();
        assert_eq!(rounds(&all, &ring), (vec![all.clone()], true));
        let tangle: Vec<BTreeSet<usize>> = vec![(0..200).collect(); 200];
        let knot: Vec<usize> = (0..200).collect();
        let (found, are_all) = rounds(&knot, &tangle);
        assert!(found.len() == MOST && !are_all);
    }
}
