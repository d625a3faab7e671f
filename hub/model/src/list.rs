//! Several names in one text, as properties and parameters have them: separated by commas, in the order of the alphabet,
//! each once. Two texts of the same names are the same text.

use std::collections::BTreeSet;

/// The names in a text. Blanks around them are not theirs.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// The text of these names, none of which has a comma.
pub fn text<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: BTreeSet<&str> = names.into_iter().collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_are_the_same_text() {
        assert_eq!(text(names(" Kitchen,Hall ,, Kitchen")), "Hall, Kitchen");
        assert_eq!(text(names("Hall, Kitchen")), "Hall, Kitchen");
        assert_eq!(text(names("")), "");
    }
}
