//! The rows themselves, one form after the other.

use super::{Chiefs, Form, Key, Need, Rest, Takes};

const MODES: &[&str] = &["single", "restart", "queued", "parallel"];
const SEVERITIES: &[&str] = &["info", "warning", "alarm"];
const VOICE: &str = "voice control";
const ENGINE: &str = "the full rule engine";

/// A file with several rules.
pub(crate) static FILE: Form = Form {
    name: "a file of rules",
    doc: "Several rules in one file.",
    keys: &[Key::new("rule", Takes::Tables(&RULE), Need::Required, "The rules.")],
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
        Key::required("when", Takes::Tables(&TRIGGER), "What triggers the rule: any of these."),
        Key::optional("if", Takes::Table(&CONDITION), "What must hold at that moment."),
        Key::required("then", Takes::Tables(&ACTION), "What is done, in this order."),
        Key::later("period", ENGINE),
        Key::later("blueprint", "blueprints"),
    ],
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// One `[[when]]`.
pub(crate) static TRIGGER: Form = Form {
    name: "a trigger",
    doc: "What triggers a rule.",
    keys: &[
        Key::chief("property", Takes::Table(&PROPERTY_TRIGGER), "A property changes."),
        Key::chief("occurs", Takes::Table(&OCCURS), "Something happens: a press, a ring."),
        Key::chief("at", Takes::Clock, "A time of day, in the home's time zone."),
        Key::chief("mqtt", Takes::Table(&MESSAGE), "A message comes from the broker."),
        Key::optional("days", Takes::Days, "With `at`: the days of the week; every day without it."),
        Key::later("phrase", VOICE),
        Key::later("id", ENGINE),
        Key::later("every", ENGINE),
        Key::later("cron", ENGINE),
        Key::later("date", ENGINE),
        Key::later("sun", ENGINE),
        Key::later("reachable", ENGINE),
        Key::later("battery", ENGINE),
        Key::later("scene", ENGINE),
        Key::later("rule", ENGINE),
        Key::later("webhook", ENGINE),
        Key::later("started", ENGINE),
        Key::later("presence", ENGINE),
        Key::later("calendar", ENGINE),
    ],
    chiefs: Chiefs::One,
    rest: Rest::Mistake,
};

const OF: Key = Key::required(
    "of",
    Takes::Of,
    "Which property, of which devices: `hall-lamp/on_off.on`, `kind:window/contact.open`.",
);
const ABOVE: Key = Key::chief("above", Takes::Number, "It is a number greater than this.");
const BELOW: Key = Key::chief("below", Takes::Number, "It is a number less than this.");
const IS: Key = Key::chief("is", Takes::Value, "It is this.");
const HELD: Key = Key::optional("held", Takes::Span, "How long it must stay so.");

/// The `property` of a trigger.
pub(crate) static PROPERTY_TRIGGER: Form = Form {
    name: "a property trigger",
    doc: "A property of one or any of several devices changes in some way.",
    keys: &[
        OF,
        Key::chief("becomes", Takes::Value, "It becomes this."),
        Key::chief("changes", Takes::Flag, "It changes from any known value to any other."),
        ABOVE,
        BELOW,
        HELD,
        Key::instead("is", "becomes"),
        Key::later("hysteresis", ENGINE),
    ],
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `occurs` of a trigger.
pub(crate) static OCCURS: Form = Form {
    name: "an occurrence trigger",
    doc: "Something happens at one or any of several devices.",
    keys: &[
        Key::required("of", Takes::Devices, "At which devices: `hall-button`, `wall-switch/2`."),
        Key::required("what", Takes::Occurrence, "What happens: `single`, `button.single`."),
    ],
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `mqtt` of a trigger.
pub(crate) static MESSAGE: Form = Form {
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
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

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
        Key::optional(
            "any_of",
            Takes::Devices,
            "With `property` and `is`, `above` or `below`: it holds of any of these devices.",
        ),
        Key::optional(
            "all_of",
            Takes::Devices,
            "With `property` and `is`, `above` or `below`: it holds of all of these devices.",
        ),
        Key::optional("is", Takes::Value, "With `any_of` or `all_of`: it is this."),
        Key::optional("above", Takes::Number, "With `any_of` or `all_of`: it is a number greater than this."),
        Key::optional("below", Takes::Number, "With `any_of` or `all_of`: it is a number less than this."),
        Key::optional("held", Takes::Span, "With `any_of` or `all_of`: since how long at least."),
        Key::later("sun", ENGINE),
        Key::later("house", "the modes of the house"),
        Key::later("dates", ENGINE),
        Key::later("reachable", ENGINE),
        Key::later("presence", ENGINE),
        Key::later("trigger", ENGINE),
        Key::later("last_run", ENGINE),
        Key::later("compare", ENGINE),
    ],
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `property` of a condition.
pub(crate) static PROPERTY: Form = Form {
    name: "a property condition",
    doc: "A property of one or any of several devices is something.",
    keys: &[OF, IS, ABOVE, BELOW, HELD, Key::instead("becomes", "is")],
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// One `[[then]]`.
pub(crate) static ACTION: Form = Form {
    name: "an action",
    doc: "What a rule does.",
    keys: &[
        Key::chief("set", Takes::Table(&SET), "Sets properties of devices."),
        Key::chief("invoke", Takes::Table(&INVOKE), "Has devices do something."),
        Key::chief("scene", Takes::Text, "Runs a scene, by its handle."),
        Key::chief("wait", Takes::Span, "Lets time pass."),
        Key::chief("wait_until", Takes::Table(&WAIT_UNTIL), "Waits until something holds."),
        Key::chief("notify", Takes::Table(&NOTIFY), "Tells people something."),
        Key::chief("publish", Takes::Table(&PUBLISH), "Publishes a message with the broker."),
        Key::chief("if", Takes::Table(&CONDITION), "Does `then` where this holds, else `else`."),
        Key::optional("then", Takes::Tables(&ACTION), "With `if`: what is done where it holds."),
        Key::optional("else", Takes::Tables(&ACTION), "With `if`: what is done where it doesn't."),
        Key::later("speak", VOICE),
        Key::later("toggle", ENGINE),
        Key::later("step", ENGINE),
        Key::later("choose", ENGINE),
        Key::later("repeat", ENGINE),
        Key::later("parallel", ENGINE),
        Key::later("stop", ENGINE),
        Key::later("http", ENGINE),
        Key::instead("mqtt", "publish"),
        Key::later("house", "the modes of the house"),
        Key::later("variable", ENGINE),
        Key::later("run", ENGINE),
        Key::later("enable", ENGINE),
        Key::later("disable", ENGINE),
        Key::later("on_failure", ENGINE),
    ],
    chiefs: Chiefs::One,
    rest: Rest::Mistake,
};

const TARGET: Key = Key::required(
    "target",
    Takes::Devices,
    "Which devices: `hall-lamp`, `wall-switch/2`, `kind:light in room:kitchen`.",
);

/// The `set` of an action.
pub(crate) static SET: Form = Form {
    name: "a set action",
    doc: "Sets properties (`\"brightness.level\" = 30`) of devices. Of several devices, each is set what it has.",
    keys: &[TARGET, Key::optional("transition", Takes::Span, "How long the change shall take.")],
    chiefs: Chiefs::None,
    rest: Rest::Property,
};

/// The `invoke` of an action.
pub(crate) static INVOKE: Form = Form {
    name: "an invoke action",
    doc: "Has devices do something; the action's parameters are keys beside it.",
    keys: &[TARGET, Key::required("action", Takes::Action, "What they do: `lock.lock`.")],
    chiefs: Chiefs::None,
    rest: Rest::Parameter,
};

/// The `wait_until` of an action: a condition, and how long at most.
pub(crate) static WAIT_UNTIL: Form = Form {
    name: "a wait",
    doc: "Waits until a condition holds. Several keys in one table all have to.",
    keys: &[
        Key::chief("all", Takes::Tables(&CONDITION), "All of these hold."),
        Key::chief("any", Takes::Tables(&CONDITION), "At least one of these holds."),
        Key::chief("not", Takes::Table(&CONDITION), "This does not hold."),
        Key::chief("property", Takes::Table(&PROPERTY), "A property is something."),
        Key::chief("between", Takes::Clocks, "The time of day is within these two."),
        Key::chief("days", Takes::Days, "Today is one of these."),
        Key::optional("at_most", Takes::Span, "How long at most; then the rule goes on all the same."),
        Key::later("sun", ENGINE),
        Key::later("house", "the modes of the house"),
    ],
    chiefs: Chiefs::Some,
    rest: Rest::Mistake,
};

/// The `notify` of an action.
pub(crate) static NOTIFY: Form = Form {
    name: "a notice",
    doc: "Tells people something.",
    keys: &[
        Key::optional("to", Takes::Texts, "Names of people, or everyone; everyone without it."),
        Key::required("title", Takes::Text, "A few words."),
        Key::required("text", Takes::Text, "The message."),
        Key::optional("severity", Takes::Word(SEVERITIES), "How much it matters; info without it."),
        Key::later("actions", "phone messages"),
    ],
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `publish` of an action.
pub(crate) static PUBLISH: Form = Form {
    name: "a message",
    doc: "Publishes a message with the broker.",
    keys: &[
        Key::required("topic", Takes::Text, "On which topic: `zigbee2mqtt/hall-lamp/set`."),
        Key::required("payload", Takes::Payload, "What it says; a table is published as JSON."),
        Key::optional("retain", Takes::Flag, "Whether the broker keeps it for whoever comes later."),
        Key::optional("qos", Takes::Number, "How surely it arrives: 0, 1 or 2; 0 without it."),
    ],
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};
