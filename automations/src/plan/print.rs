//! What tells a part of a plan from every other.

use std::{fmt::Debug, sync::OnceLock};

use crate::fnv::fnv;

/// A hash over the words of something: the same for as long as it says the same of the same devices. It is made when it is
/// first asked for, and once, since a long program has many words.
#[derive(Debug, Clone, Default)]
pub struct Print(OnceLock<u64>);

impl Print {
    /// The print of `what`, which has to be the same each time.
    pub(super) fn of(&self, what: &impl Debug) -> u64 {
        *self.0.get_or_init(|| fnv(format_args!("{what:?}")))
    }
}

/// Whether it was made already says nothing.
impl PartialEq for Print {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_is_made_once_and_is_no_part_of_what_it_is_of() {
        let (some, other) = (Print::default(), Print::default());
        assert_eq!(some.of(&"a"), 0xd427_2417_d7c7_7eea);
        assert_eq!(some.of(&"b"), some.of(&"a"), "it was made already");
        assert_ne!(some.of(&"b"), other.of(&"b"));
        assert_eq!(some, other);
    }
}
