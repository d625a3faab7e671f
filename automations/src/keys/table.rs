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

const ID: Key = Key::optional("id", Takes::Text, "The rule's name in the API; without it, made of the name.");
const ENABLED: Key = Key::optional("enabled", Takes::Flag, "Whether the rule acts; true without it.");

/// A rule that uses a blueprint.
pub(crate) static USE: Form = Form {
    name: "a rule of a blueprint",
    doc: "A rule that a blueprint says, with what it shall work with.",
    keys: &[
        Key::required("name", Takes::Text, "The rule's name, for people."),
        ID,
        ENABLED,
        Key::required("use", Takes::Text, "The blueprint: `motion-light`. `hub blueprints` lists them."),
        Key::optional("with", Takes::Answers, "What its inputs are: `{ light = \"hall-lamp\" }`."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// A file with a blueprint.
pub(crate) static BLUEPRINT_FILE: Form = Form {
    name: "a blueprint",
    doc: "A rule with inputs: `\"{{ light }}\"` stands for what the input `light` is told.",
    keys: &[Key::required("blueprint", Takes::Table(&BLUEPRINT), "What the blueprint is, and what it wants to know.")],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Rule,
};

/// The `blueprint` of such a file.
static BLUEPRINT: Form = Form {
    name: "a blueprint's table",
    doc: "What a blueprint is, and what it wants to know.",
    keys: &[
        Key::required("name", Takes::Text, "Its name, for people."),
        Key::required("doc", Takes::Text, "What it does, in a sentence or two."),
        Key::optional("id", Takes::Text, "What rules use it by; without it, made of the name."),
        Key::optional("inputs", Takes::Named(&INPUT), "What it wants to know, each by its name."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

const KINDS: &[&str] = &["devices", "scene", "span", "clock", "days", "number", "flag", "text"];

/// An input of a blueprint.
static INPUT: Form = Form {
    name: "an input",
    doc: "Something that a blueprint wants to know.",
    keys: &[
        Key::required("takes", Takes::Word(KINDS), "What it takes."),
        Key::optional("name", Takes::Text, "Its name, for people; made of the input's name without it."),
        Key::optional("doc", Takes::Text, "More for people."),
        Key::optional("needs", Takes::Texts, "Properties, actions or occurrences that devices must have."),
        Key::optional("default", Takes::Plain, "What it is where nobody says."),
    ],
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
        ID,
        ENABLED,
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
        Key::required(
            "when",
            Takes::Tables(&TRIGGER),
            "What triggers the rule: any of these; `[]` where only people and other rules run it.",
        ),
        Key::optional("if", Takes::Table(&CONDITION), "What must hold at that moment."),
        Key::required("then", Takes::Tables(&ACTION), "What is done, in this order."),
        Key::instead("period", "active"),
        Key::instead("blueprint", "use"),
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
