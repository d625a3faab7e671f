//! The rows of a file and of a rule.

use super::{Chiefs, Form, Key, Need, Rest, Takes, actions::ACTION, conditions::CONDITION, triggers::TRIGGER};
use crate::rule::Mode;

const MODES: &[&str] = &["single", "restart", "queued", "parallel"];
const AFTER_RESTART: &[&str] = &["resume", "drop"];

/// A file with several rules.
pub(crate) static FILE: Form = Form {
    name: "a file of rules",
    doc: "Several rules in one file.",
    keys: &[Key::new("rule", Takes::Tables(&RULE), Need::Required, "The rules.")],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// A rule, at the top of its file or one of several.
pub(crate) static RULE: Form = Form {
    name: "a rule",
    doc: "When something happens, and if something holds, then something is done.",
    keys: &[
        Key::required("name", Takes::Text, "The rule's name, for people."),
        Key::optional("id", Takes::Text, "The rule's name in the API; without it, made of the name."),
        Key::optional("enabled", Takes::Flag, "Whether the rule acts; true without it."),
        Key::optional(
            "mode",
            Takes::Word(MODES),
            "What happens when it is triggered while it runs; single without it.",
        ),
        Key::optional(
            "max",
            Takes::Whole(1, Mode::LIMIT as u32),
            "How many runs a queued or parallel rule has at most, those that wait included; 10 without it.",
        ),
        Key::optional("active", Takes::Table(&ACTIVE), "When the rule acts at all; always without it."),
        Key::optional(
            "after_restart",
            Takes::Word(AFTER_RESTART),
            "What becomes of its runs when the hub starts again: `resume` goes on with them, and is what holds without it.",
        ),
        Key::required("when", Takes::Tables(&TRIGGER), "What triggers the rule: any of these."),
        Key::optional("if", Takes::Table(&CONDITION), "What must hold at that moment."),
        Key::required("then", Takes::Tables(&ACTION), "What is done, in this order."),
        Key::instead("period", "active"),
        Key::later("blueprint", "blueprints"),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `active` of a rule.
static ACTIVE: Form = Form {
    name: "a rule's active time",
    doc: "When a rule acts at all. Over midnight, the day is that of the evening.",
    keys: &[
        Key::optional("from", Takes::Clock, "From this time of day; from midnight without it."),
        Key::optional("to", Takes::Clock, "Until this time of day; until midnight without it."),
        Key::optional("days", Takes::Days, "On these days; on all without it."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};
