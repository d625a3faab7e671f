//! Roles on the command line.

use hub_model::{Role, suggest::did_you_mean};

/// The role of a word.
pub(super) fn parse_role(word: &str) -> Result<Role, String> {
    const WORDS: [&str; 4] = ["owner", "admin", "member", "guest"];
    Role::from_word(word).ok_or_else(|| format!("one of {}{}", WORDS.join(", "), did_you_mean(word, WORDS)))
}
