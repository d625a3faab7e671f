//! Roles on the command line.

use hub_model::{Role, suggest::did_you_mean};

/// The role of a word, as the schema writes it.
pub(super) fn parse_role(word: &str) -> Result<String, String> {
    const WORDS: [&str; 4] = ["owner", "admin", "member", "guest"];
    let role = Role::from_word(word).map(|role| role.word().to_uppercase());
    role.ok_or_else(|| format!("one of {}{}", WORDS.join(", "), did_you_mean(word, WORDS)))
}
