//! The rows of conditions.

use super::{Chiefs, Form, Key, Rest, Takes};

/// The modes of the house.
pub(crate) const HOME_MODES: &[&str] = &["home", "away", "night", "guest"];

pub(super) const OF: Key = Key::required(
    "of",
    Takes::Of,
    "Which property, of which devices: `hall-lamp/on_off.on`, `kind:window/contact.open`, or a list of such texts.",
);
pub(super) const ABOVE: Key = Key::chief("above", Takes::Number, "It is a number greater than this.");
pub(super) const BELOW: Key = Key::chief("below", Takes::Number, "It is a number less than this.");
const IS: Key = Key::chief("is", Takes::Value, "It is this.");
pub(super) const HELD: Key = Key::optional("held", Takes::Span, "How long it must stay so.");

/// The words with which a number, or whatever it is, of several devices is held against something.
const OF_SEVERAL: &[&str] = &["any_of", "all_of"];

/// One condition; several keys all have to hold.
pub(crate) static CONDITION: Form = Form {
    name: "a condition",
    doc: "What must hold. Several keys in one table all have to.",
    keys: &[
        Key::chief("all", Takes::Tables(&CONDITION), "All of these hold."),
        Key::chief("any", Takes::Tables(&CONDITION), "At least one of these holds."),
        Key::chief("not", Takes::Table(&CONDITION), "This does not hold."),
        Key::chief("property", Takes::PropertyOrName, "A property is something; a name with `any_of` or `all_of`."),
        Key::chief("between", Takes::Clocks, "The time of day is within these two, over midnight if need be."),
        Key::chief("days", Takes::Days, "Today is one of these."),
        Key::chief("dates", Takes::Dates, "Today is within these two dates, both included."),
        Key::chief("sun", Takes::TextOr(&SUN), "Where the sun stands."),
        Key::chief("reachable", Takes::Table(&REACHABLE), "A device can be reached, or not."),
        Key::chief("presence", Takes::Table(&PRESENCE), "Somebody is at home, or nobody is."),
        Key::chief("house", Takes::Words(HOME_MODES), "The mode of the house is one of these."),
        Key::chief("variable", Takes::Table(&VARIABLE), "A variable is something."),
        Key::chief("trigger", Takes::Texts, "The rule was triggered by one of these of its triggers."),
        Key::chief("last_run", Takes::Table(&LAST_RUN), "The rule, or another one, has not run lately."),
        Key::chief("compare", Takes::Table(&COMPARE), "A number is greater or less than another one."),
        Key::chief("mean", Takes::Table(&MEAN), "The mean of a number over the last while is within a range."),
        Key::chief("body", Takes::Table(&BODY), "Something in what the trigger was told is something."),
        Key::chief("calendar", Takes::TextOr(&CALENDAR), "Something in a calendar is going on."),
        Key::beside("any_of", &["property"], Takes::Devices, "It holds of any of these devices."),
        Key::beside("all_of", &["property"], Takes::Devices, "It holds of all of these devices."),
        Key::beside("is", OF_SEVERAL, Takes::Value, "It is this."),
        Key::beside("above", OF_SEVERAL, Takes::Number, "It is a number greater than this."),
        Key::beside("below", OF_SEVERAL, Takes::Number, "It is a number less than this."),
        Key::beside("held", OF_SEVERAL, Takes::Span, "Since how long at least."),
        Key::later("cel", "a need for it: everything so far can be said without a language of expressions"),
    ],
    base: None,
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `wait_until` of an action: a condition, and how long at most.
pub(crate) static WAIT_UNTIL: Form = Form {
    name: "a wait",
    doc: "Waits until a condition holds. Several keys in one table all have to.",
    keys: &[Key::optional("at_most", Takes::Span, "How long at most; then the rule goes on all the same.")],
    base: Some(&CONDITION),
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `property` of a condition.
pub(crate) static PROPERTY: Form = Form {
    name: "a property condition",
    doc: "A property of one or any of several devices is something.",
    keys: &[OF, IS, ABOVE, BELOW, HELD, Key::instead("becomes", "is")],
    base: None,
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `sun` of a condition, by degrees.
pub(crate) static SUN: Form = Form {
    name: "a height of the sun",
    doc: "How high the sun stands, in degrees above the horizon.",
    keys: &[
        Key::chief("above", Takes::Number, "It stands higher than this."),
        Key::chief("below", Takes::Number, "It stands lower than this."),
    ],
    base: None,
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `reachable` of a condition.
static REACHABLE: Form = Form {
    name: "a reachability condition",
    doc: "One or any of several devices can be reached, or not.",
    keys: &[
        Key::chief("of", Takes::Devices, "Any of these devices."),
        Key::chief("all_of", Takes::Devices, "All of these devices."),
        Key::required("is", Takes::Flag, "Whether it can be reached."),
    ],
    base: None,
    chiefs: Chiefs::One,
    rest: Rest::Mistake,
};

/// The `presence` of a condition.
static PRESENCE: Form = Form {
    name: "a presence condition",
    doc: "People are at home, or away.",
    keys: &[
        Key::required("who", Takes::Text, "`anyone`, `everyone`, or a person's name."),
        Key::required("is", Takes::Word(&["home", "away"]), "Where they are."),
        HELD,
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `variable` of a condition.
static VARIABLE: Form = Form {
    name: "a variable condition",
    doc: "A variable of the house is something.",
    keys: &[Key::required("name", Takes::Text, "The variable's handle."), IS, ABOVE, BELOW, HELD],
    base: None,
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `last_run` of a condition.
static LAST_RUN: Form = Form {
    name: "a condition on the last run",
    doc: "A rule has not begun to run lately; the run that asks does not count.",
    keys: &[
        Key::required("not_within", Takes::Span, "Not within this span."),
        Key::optional("rule", Takes::Text, "Which rule, by its id; this one without it."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `compare` of a condition.
static COMPARE: Form = Form {
    name: "a comparison",
    doc: "A number is greater or less than another one.",
    keys: &[
        Key::required("of", Takes::OfOne, "Which property, of which device: `bathroom/humidity.measured`."),
        Key::chief("above", Takes::OfOne, "It is greater than this property."),
        Key::chief("below", Takes::OfOne, "It is less than this property."),
        Key::optional("by", Takes::Number, "What is added to the other one first; negative to take away."),
    ],
    base: None,
    chiefs: Chiefs::One,
    rest: Rest::Mistake,
};

/// The `mean` of a condition.
static MEAN: Form = Form {
    name: "a condition on a mean",
    doc: "The mean of a number over the last while, weighted by time. What was before the rule was loaded, history tells.",
    keys: &[OF, Key::required("over", Takes::Span, "Over how long; at most a day."), ABOVE, BELOW],
    base: None,
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `body` of a condition.
static BODY: Form = Form {
    name: "a condition on what the trigger was told",
    doc: "The JSON that a webhook or a message came with has something at a place.",
    keys: &[Key::optional("field", Takes::Text, "Where in it: `alarm.state`; all of it without it."), IS, ABOVE, BELOW],
    base: None,
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `calendar` of a condition.
static CALENDAR: Form = Form {
    name: "a calendar condition",
    doc: "Something in a calendar is going on.",
    keys: &[
        Key::required("name", Takes::Text, "The calendar's name in the settings, or that of its `.ics` file."),
        Key::optional("title", Takes::Text, "Only what has these words in its title."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};
