//! The rows of triggers.

use super::{
    Chiefs, Form, Key, Rest, Takes,
    conditions::{ABOVE, BELOW, CONDITION, HELD, HOME_MODES, OF},
};
use crate::rule::ByWhom;

/// The words of what the sun does.
pub(crate) const SUN_EVENTS: &[&str] = &[
    "sunrise",
    "sunset",
    "dawn",
    "dusk",
    "nautical_dawn",
    "nautical_dusk",
    "astronomical_dawn",
    "astronomical_dusk",
    "noon",
];
const METHODS: &[&str] = &["GET", "POST", "PUT"];
const EDGES: &[&str] = &["start", "end"];

/// One `[[when]]`.
pub(crate) static TRIGGER: Form = Form {
    name: "a trigger",
    doc: "What triggers a rule.",
    keys: &[
        Key::chief("property", Takes::Table(&PROPERTY_TRIGGER), "A property changes."),
        Key::chief("occurs", Takes::Table(&OCCURS), "Something happens: a press, a ring."),
        Key::chief("holds", Takes::Table(&CONDITION), "A condition begins to hold."),
        Key::chief("at", Takes::Clock, "A time of day, in the home's time zone."),
        Key::chief("every", Takes::Span, "Every so often, counted from midnight: `10m` is at 00:00, 00:10 and so on."),
        Key::chief("cron", Takes::Text, "A line of cron: minute, hour, day, month, day of the week."),
        Key::chief("date", Takes::Moment, "A date with a time; without a year, on that day of every year."),
        Key::chief("sun", Takes::Word(SUN_EVENTS), "The sun rises, sets or the like."),
        Key::chief("calendar", Takes::TextOr(&CALENDAR_TRIGGER), "Something in a calendar begins, or ends."),
        Key::chief("reachable", Takes::Table(&REACHABLE_TRIGGER), "A device can be reached again, or no longer."),
        Key::chief("battery", Takes::Table(&BATTERY), "A battery runs low; once, until it was charged or changed."),
        Key::chief("presence", Takes::Table(&PRESENCE_TRIGGER), "Somebody comes home, or the last one leaves."),
        Key::chief("house", Takes::Words(HOME_MODES), "The mode of the house becomes this."),
        Key::chief("scene", Takes::Text, "A scene was run, by its handle."),
        Key::chief("rule", Takes::Text, "Another rule begins to run, by its id."),
        Key::chief("phrase", Takes::TextsOr(&PHRASES), "Somebody says one of these."),
        Key::chief("webhook", Takes::Table(&WEBHOOK), "Somebody calls the rule's own address."),
        Key::chief("mqtt", Takes::Table(&MESSAGE), "A message comes from the broker."),
        Key::chief("answer", Takes::Text, "Somebody chose the answer of this id beneath a message."),
        Key::chief("started", Takes::Flag, "The hub has started."),
        Key::optional("id", Takes::Text, "Its name, for conditions that ask which trigger it was."),
        Key::beside("days", &["at", "sun"], Takes::Days, "The days of the week; every day without it."),
        Key::beside("offset", &["sun", "calendar"], Takes::Offset, "So long after it, or before it: `-30m`."),
        Key::beside("held", &["holds", "house"], Takes::Span, "How long it must stay so."),
    ],
    base: None,
    chiefs: Chiefs::One,
    rest: Rest::Mistake,
};

/// The `property` of a trigger.
static PROPERTY_TRIGGER: Form = Form {
    name: "a property trigger",
    doc: "A property of one or any of several devices changes in some way.",
    keys: &[
        OF,
        Key::chief("becomes", Takes::Value, "It becomes this."),
        Key::chief("from", Takes::Value, "With `becomes`: it was this before. Alone: it is this no longer."),
        Key::chief("changes", Takes::Flag, "It changes from any known value to any other."),
        ABOVE,
        BELOW,
        Key::optional(
            "by",
            Takes::WordsOrPeople(&ByWhom::WORDS),
            "Who must have changed it: `person` is anybody by app, command line or voice, `device` a hand on it or its \
             surroundings, `scene` a scene, whoever ran it. Whoever it was without it.",
        ),
        HELD,
        Key::optional(
            "hysteresis",
            Takes::Number,
            "With `above` or `below`: how far it must go back beyond the bound before it can trigger again.",
        ),
        Key::instead("is", "becomes"),
    ],
    base: None,
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `occurs` of a trigger.
static OCCURS: Form = Form {
    name: "an occurrence trigger",
    doc: "Something happens at one or any of several devices.",
    keys: &[
        Key::required("of", Takes::Devices, "At which devices: `hall-button`, `wall-switch/2`."),
        Key::required("what", Takes::Occurrence, "What happens: `single`, `button.single`."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `reachable` of a trigger.
static REACHABLE_TRIGGER: Form = Form {
    name: "a reachability trigger",
    doc: "One or any of several devices can be reached again, or no longer.",
    keys: &[
        Key::required("of", Takes::Devices, "Which devices: `hall-lamp`, `kind:lock`."),
        Key::required("becomes", Takes::Flag, "Whether it can be reached then."),
        HELD,
        Key::instead("is", "becomes"),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `battery` of a trigger.
static BATTERY: Form = Form {
    name: "a battery trigger",
    doc: "The battery of one or any of several devices runs low.",
    keys: &[
        Key::optional("of", Takes::Devices, "Which devices; every one that has a battery without it."),
        Key::optional("below", Takes::Number, "Below so many percent; 15 without it."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `presence` of a trigger.
static PRESENCE_TRIGGER: Form = Form {
    name: "a presence trigger",
    doc: "`who = \"anyone\"` becomes `home` when the first comes, `who = \"everyone\"` becomes `away` when the last has gone.",
    keys: &[
        Key::required("who", Takes::Text, "`anyone`, `everyone`, or a person's name."),
        Key::required("becomes", Takes::Word(&["home", "away"]), "Where they are then."),
        HELD,
        Key::instead("is", "becomes"),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `phrase` of a trigger, by languages.
pub(crate) static PHRASES: Form = Form {
    name: "phrases by language",
    doc: "Phrases that count in one language only: `en = [\"good night\"]`.",
    keys: &[],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Language,
};

/// The `webhook` of a trigger.
static WEBHOOK: Form = Form {
    name: "a webhook",
    doc: "The rule gets an address of its own that nobody can guess; `hub rules` shows it.",
    keys: &[Key::optional("methods", Takes::Words(METHODS), "By which methods; POST without it.")],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `calendar` of a trigger.
static CALENDAR_TRIGGER: Form = Form {
    name: "a calendar trigger",
    doc: "Something in a calendar begins, or ends.",
    keys: &[
        Key::required("name", Takes::Text, "The calendar's name in the settings, or that of its `.ics` file."),
        Key::optional("title", Takes::Text, "Only what has these words in its title."),
        Key::optional("at", Takes::Word(EDGES), "Whether its start or its end is meant; the start without it."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `mqtt` of a trigger.
static MESSAGE: Form = Form {
    name: "a message trigger",
    doc: "A message comes from the broker; one that it had kept and only repeats triggers nothing.",
    keys: &[
        Key::required("topic", Takes::Text, "On which topic; `+` stands for one level, `#` for all further ones."),
        Key::optional("payload", Takes::Payload, "The whole message is this; without it, any message triggers."),
        Key::optional(
            "field",
            Takes::Text,
            "The message is JSON, and what stands here in it (`update.state`) is looked at.",
        ),
        Key::optional("is", Takes::Value, "With `field`: it is this."),
        Key::optional("above", Takes::Number, "With `field`: it is a number greater than this."),
        Key::optional("below", Takes::Number, "With `field`: it is a number less than this."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};
