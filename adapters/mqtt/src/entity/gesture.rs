//! What was done to a real button, read out of the words that devices have for it.

use hub_model::{
    Occurrence,
    capability::{OccurrenceSpec, button},
};

/// A gesture, and at which of the device's buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gesture {
    /// What happened.
    pub occurrence: Occurrence,
    /// The button, where the words name one (`left`, `1`, `dots_2`).
    pub button: Option<String>,
}

/// Words for gestures, the longer ones first.
static WORDS: &[(&str, &OccurrenceSpec)] = &[
    ("button_double_press", &button::DOUBLE),
    ("button_triple_press", &button::TRIPLE),
    ("button_long_release", &button::RELEASE),
    ("button_long_press", &button::LONG),
    ("button_short_release", &button::SINGLE),
    ("button_short_press", &button::SINGLE),
    ("double_click", &button::DOUBLE),
    ("double_press", &button::DOUBLE),
    ("hold_release", &button::RELEASE),
    ("long_click", &button::LONG),
    ("long_press", &button::LONG),
    ("long_release", &button::RELEASE),
    ("short_release", &button::SINGLE),
    ("short_press", &button::SINGLE),
    ("single_click", &button::SINGLE),
    ("single_press", &button::SINGLE),
    ("triple_click", &button::TRIPLE),
    ("triple_press", &button::TRIPLE),
    ("press_release", &button::SINGLE),
    ("click", &button::SINGLE),
    ("double", &button::DOUBLE),
    ("hold", &button::LONG),
    ("long", &button::LONG),
    ("press", &button::SINGLE),
    ("pressed", &button::SINGLE),
    ("release", &button::RELEASE),
    ("single", &button::SINGLE),
    ("triple", &button::TRIPLE),
    ("tripple", &button::TRIPLE),
];

impl Gesture {
    /// Reads a device's word (`single_left`, `1_double`, `hold`). A word with no known gesture in it (`on`,
    /// `brightness_move_up`) stays the vendor's.
    pub fn parse(vendor: &str, words: &str) -> Self {
        let slug = hub_model::handle::slug(words).replace('-', "_");
        for (gesture, spec) in WORDS {
            let rest = if slug == *gesture {
                Some("")
            } else {
                let before = slug.strip_suffix(gesture).and_then(|rest| rest.strip_suffix('_'));
                before.or_else(|| slug.strip_prefix(gesture).and_then(|rest| rest.strip_prefix('_')))
            };
            if let Some(rest) = rest {
                let button = (!rest.is_empty()).then(|| rest.to_owned());
                return Self { occurrence: Occurrence::from(*spec), button };
            }
        }
        Self { occurrence: Occurrence::vendor(vendor, &slug), button: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_many_words_for_a_press() {
        for (words, occurrence, button) in [
            ("single", "button.single", None),
            ("single_left", "button.single", Some("left")),
            ("1_double", "button.double", Some("1")),
            ("hold_release_left", "button.release", Some("left")),
            ("dots_1_long_press", "button.long", Some("dots_1")),
            ("button_short_press", "button.single", None),
            ("brightness_move_up", "x.ikea.brightness_move_up", None),
            ("on", "x.ikea.on", None),
        ] {
            let gesture = Gesture::parse("IKEA", words);
            assert_eq!((gesture.occurrence.as_str(), gesture.button.as_deref()), (occurrence, button), "{words}");
        }
    }
}
