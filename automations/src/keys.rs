//! The table of keys: everything that may stand in a rule file, one row each.
//!
//! The parser, the messages about mistakes and `rule.schema.json` all read this table, so that they can't disagree.
//! A key that belongs to the language but is not supported yet stands here too, so that it is refused by name.

mod actions;
mod conditions;
mod table;
mod triggers;

pub(crate) use conditions::PROPERTY;
pub(crate) use table::{BLUEPRINT_FILE, FILE, RULE, USE};

/// A kind of table in a rule file.
#[derive(Debug)]
pub(crate) struct Form {
    /// What it is called in messages, with its article.
    pub(crate) name: &'static str,
    /// One sentence for people.
    pub(crate) doc: &'static str,
    /// What may stand in it.
    pub(crate) keys: &'static [Key],
    /// A form of which all may stand in it as well.
    pub(crate) base: Option<&'static Form>,
    /// How many of its chief keys it has.
    pub(crate) chiefs: Chiefs,
    /// What other keys mean.
    pub(crate) rest: Rest,
}

/// How many chief keys a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chiefs {
    /// There are none.
    None,
    /// Exactly one of them.
    One,
    /// One or more; all count together.
    Some,
}

/// What a key means that has no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// It is a mistake.
    Mistake,
    /// It is a property (`"brightness.level"`), with the value to set.
    Property,
    /// It is a parameter of the action that the table names.
    Parameter,
    /// It is a language (`en`), with texts in it.
    Language,
    /// It is a key of the rule that stands beside.
    Rule,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// One sentence for people.
    pub(crate) doc: &'static str,
    /// What it takes.
    pub(crate) takes: Takes,
    /// Whether it has to be there.
    pub(crate) need: Need,
}

/// Whether a key has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// It may be left out.
    Optional,
    /// It may not.
    Required,
    /// It is one of the keys that make the table what it is; see [`Chiefs`].
    Chief,
    /// It may stand beside one of these chief keys, and beside no other.
    Beside(&'static [&'static str]),
    /// It is refused, and this is what it will come with.
    Later(&'static str),
    /// It is refused, and this is the key that was meant.
    Instead(&'static str),
}

/// The keys whose texts name devices.
pub(crate) const DEVICE_KEYS: [&str; 8] = ["of", "target", "any_of", "all_of", "each", "toggle", "above", "below"];

/// What a key takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Takes {
    /// A text that is not empty.
    Text,
    /// A text, or a list of texts.
    Texts,
    /// One of these words or a person's name, or a list of such.
    WordsOrPeople(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// Whatever a property can be.
    Value,
    /// What a message says: a text, a number, true or false, or a table that becomes JSON.
    Payload,
    /// A text, a number, true or false, or a list of texts.
    Plain,
    /// A span of time such as "3m".
    Span,
    /// A time of day.
    Clock,
    /// Two times of day.
    Clocks,
    /// Days of the week.
    Days,
    /// A whole number from the first to the last.
    Whole(u32, u32),
    /// A span of time that may be negative.
    Offset,
    /// A date with a time, or a day of every year with one.
    Moment,
    /// Two dates, or two days of every year.
    Dates,
    /// One of these words, or a list of some.
    Words(&'static [&'static str]),
    /// A name of this form's, or a table of it.
    TextOr(&'static Form),
    /// A text or a list of texts, or a table of this form.
    TextsOr(&'static Form),
    /// One of these words, or a list of tables.
    WordOrTables(&'static [&'static str], &'static Form),
    /// A list of lists of tables.
    Lists(&'static Form),
    /// A text with readings in braces.
    Template,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Devices and a property of theirs, or a list of such texts.
    Of,
    /// A device and a property of it.
    OfOne,
    /// Devices, with or without an endpoint, or a list of such texts.
    Devices,
    /// The whole name of a property, or a table of [`PROPERTY`].
    PropertyOrName,
    /// An occurrence, by its whole or its short name.
    Occurrence,
    /// The whole name of an action.
    Action,
    /// A table.
    Table(&'static Form),
    /// A list of tables.
    Tables(&'static Form),
    /// A table with names of its own, each a table.
    Named(&'static Form),
    /// A table with names of its own, each a plain value.
    Answers,
}

impl Key {
    const fn new(name: &'static str, takes: Takes, need: Need, doc: &'static str) -> Self {
        Self { name, doc, takes, need }
    }
    const fn optional(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self::new(name, takes, Need::Optional, doc)
    }
    const fn required(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self::new(name, takes, Need::Required, doc)
    }
    const fn chief(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self::new(name, takes, Need::Chief, doc)
    }
    const fn beside(name: &'static str, chiefs: &'static [&'static str], takes: Takes, doc: &'static str) -> Self {
        Self::new(name, takes, Need::Beside(chiefs), doc)
    }
    const fn later(name: &'static str, comes: &'static str) -> Self {
        Self::new(name, Takes::Value, Need::Later(comes), "Not supported yet.")
    }
    const fn instead(name: &'static str, right: &'static str) -> Self {
        Self::new(name, Takes::Value, Need::Instead(right), "Another key is meant.")
    }

    /// Whether it can be used now.
    pub(crate) const fn is_here(&self) -> bool {
        !matches!(self.need, Need::Later(_) | Need::Instead(_))
    }
}

impl Form {
    /// The row of a key.
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.rows().find(|key| key.name == name)
    }

    /// Its keys, and those of the form that it is based on.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &'static Key> + use<> {
        let base = self.base.map_or(&[][..], |base| base.keys);
        base.iter().chain(self.keys)
    }

    /// The keys that can be used now.
    pub(crate) fn here(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.rows().filter(|key| key.is_here())
    }

    /// The chief keys that can be used now, for messages: "`property`, `occurs` or `at`".
    pub(crate) fn chief_names(&self) -> String {
        let chiefs: Vec<_> =
            self.rows().filter(|key| key.need == Need::Chief).map(|key| format!("`{}`", key.name)).collect();
        match chiefs.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => chiefs.concat(),
        }
    }
}

impl Takes {
    /// What it takes, for messages.
    pub(crate) fn wanted(self) -> String {
        match self {
            Self::Text => "a text that is not empty".into(),
            Self::Texts => "a text or a list of texts".into(),
            Self::Flag => "true or false".into(),
            Self::Number => "a number".into(),
            Self::Value => "true or false, a number, a text or a colour { h, s }".into(),
            Self::Payload => "a text, a number, true or false, or a table".into(),
            Self::Plain => "a text, a number, true or false, or a list of texts".into(),
            Self::Span => "a span such as \"30s\", \"3m\" or \"1h30m\"".into(),
            Self::Clock => "a time of day such as \"23:30\"".into(),
            Self::Clocks => "two times of day such as [\"22:00\", \"06:00\"]".into(),
            Self::Days => "a list of days such as [\"mon\", \"tue\"]".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Words(words) => format!("one of {}, or a list of them", words.join(", ")),
            Self::WordsOrPeople(words) => {
                format!("one of {}, a person's name, or a list of such", words.join(", "))
            }
            Self::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Self::Offset => "a span such as \"30m\", or \"-30m\" for before".into(),
            Self::Moment => "a date with a time such as \"2026-12-24 18:00\", or \"12-24 18:00\" for every year".into(),
            Self::Dates => {
                "two dates such as [\"2026-12-20\", \"2027-01-06\"], or [\"12-20\", \"01-06\"] for every year".into()
            }
            Self::TextOr(form) => format!("a name, or a table: {}", form.name),
            Self::TextsOr(form) => format!("a text or a list of texts, or a table: {}", form.name),
            Self::WordOrTables(words, form) => {
                format!("one of {}, or a list of tables, each {}", words.join(", "), form.name)
            }
            Self::Lists(form) => format!("a list of lists of tables, each {}", form.name),
            Self::Template => "a text that is not empty".into(),
            Self::Of => "a device and its property such as \"hall-lamp/brightness.level\", or a list of such texts".into(),
            Self::OfOne => "a device and its property such as \"hall-lamp/brightness.level\"".into(),
            Self::Devices => {
                "devices such as \"hall-lamp\", \"room:kitchen\" or \"kind:light in room:kitchen\", or a list of such texts".into()
            }
            Self::PropertyOrName => "a table such as { of = \"hall-lamp/on_off.on\", is = true }".into(),
            Self::Occurrence => "an occurrence such as \"single\" or \"button.single\"".into(),
            Self::Action => "an action such as \"lock.lock\"".into(),
            Self::Table(form) => format!("a table: {}", form.name),
            Self::Tables(form) => format!("a list of tables, each {}", form.name),
            Self::Named(form) => format!("a table of tables, each {}", form.name),
            Self::Answers => "a table such as { light = \"hall-lamp\" }".into(),
        }
    }
}

#[cfg(test)]
mod tests;
