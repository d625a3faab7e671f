//! Days of the week, as rules say them.

use std::fmt;

use jiff::civil::Weekday;

/// A set of weekdays; never empty.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Days(u8);

/// The words of the days, Monday first.
pub(crate) const WORDS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Days {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// The days of these words (`mon` to `sun`).
    ///
    /// # Errors
    /// The first word that is no day; `None` where there is no word at all.
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, Option<&'a str>> {
        let mut days = 0;
        for word in words {
            days |= 1 << WORDS.iter().position(|known| *known == word).ok_or(Some(word))?;
        }
        if days == 0 { Err(None) } else { Ok(Self(days)) }
    }

    /// Whether all of other days are among them.
    pub const fn includes(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// The day after each of them.
    pub const fn after(self) -> Self {
        Self((self.0 << 1 | self.0 >> 6) & Self::ALL.0)
    }

    /// Whether a day is one of them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }
}

impl fmt::Debug for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = WORDS.iter().enumerate().filter(|(at, _)| self.0 & (1 << at) != 0).map(|(_, word)| word);
        f.debug_list().entries(words).finish()
    }
}
