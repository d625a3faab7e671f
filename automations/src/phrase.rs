//! Phrases that people say or type, brought into one shape, so that what is heard is found among what rules wait for.

use smol_str::SmolStr;

/// What a rule waits to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// In which language (`de`); in any without it.
    pub language: Option<SmolStr>,
    /// The words, as [`normal`] makes them.
    pub words: SmolStr,
}

impl Phrase {
    /// Whether this was said; `words` are as [`normal`] makes them. Of the language only its first part counts, so that
    /// `de-CH` is `de`.
    pub fn is(&self, words: &str, language: &str) -> bool {
        let first = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        self.words == words && self.language.as_ref().is_none_or(|wanted| first(wanted) == first(language))
    }
}

/// The longest phrase that is looked at, in bytes.
pub const LONGEST: usize = 500;

/// A phrase without what speech does not carry: capitals, marks, and more than one space. Languages without spaces keep
/// their signs; full-width letters become plain ones. Empty where nothing is left.
pub fn normal(text: &str) -> SmolStr {
    let mut normal = String::new();
    let mut gap = false;
    for letter in text.chars().map(narrow).flat_map(char::to_lowercase) {
        // An apostrophe joins what it stands between: "it's" is heard as "its".
        if matches!(letter, '\'' | '’' | '`') {
            continue;
        }
        // A mark that belongs to the letter before it, as in Hindi or Thai, is no gap.
        if letter.is_alphanumeric() || is_mark(letter) {
            if gap && !normal.is_empty() {
                normal.push(' ');
            }
            gap = false;
            normal.push(letter);
        } else {
            gap = true;
        }
    }
    normal.into()
}

/// A full-width letter as a plain one.
fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        _ => letter,
    }
}

/// The blocks of marks that combine with letters, and the vowels and signs of Indic and Southeast Asian scripts.
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speech_does_not_carry_is_no_matter() {
        for said in ["Good night!", "good  night", " GOOD NIGHT. ", "good-night"] {
            assert_eq!(normal(said), "good night", "{said}");
        }
        assert_eq!(normal("晚安。"), "晚安");
        assert_eq!(normal("ＯＫ　Ｇｏ"), "ok go");
        assert_eq!(normal("It's über-late?"), "its über late");
        assert_eq!(normal("शुभ रात्रि"), "शुभ रात्रि");
        assert_eq!(normal("!?"), "");
    }
}
