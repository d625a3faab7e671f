//! The order in which cases are tried where there are more than can be: those first that differ most from each other.

/// One of each list, then another of each, and so on.
pub(super) fn in_turns<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut taken = Vec::new();
    while !lists.is_empty() {
        lists.retain_mut(|list| {
            taken.extend(list.next());
            list.len() > 0
        });
    }
    taken
}

/// The same things, neighbours far apart. A search changes what it chose last first, so that its neighbours are alike.
pub(super) fn spread<T>(things: Vec<T>) -> Vec<T> {
    let count = things.len();
    // With a step that has no divisor in common with the count, each comes once.
    let step = (count * 3 / 8 + 1..).find(|step| is_coprime(*step, count)).unwrap_or(1);
    let mut things: Vec<_> = things.into_iter().map(Some).collect();
    (0..count).filter_map(|nth| things[nth * step % count].take()).collect()
}

const fn is_coprime(mut a: usize, mut b: usize) -> bool {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}
