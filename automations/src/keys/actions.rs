//! The rows of actions.

use super::{
    Chiefs, Form, Key, Rest, Takes,
    conditions::{CONDITION, HOME_MODES, WAIT_UNTIL},
};
use crate::rule::Times;

const SEVERITIES: &[&str] = &["info", "warning", "alarm"];
const ON_FAILURE: &[&str] = &["continue", "stop", "retry"];
const ON_TIMEOUT: &[&str] = &["continue", "stop"];
const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE"];

/// One `[[then]]`.
pub(crate) static ACTION: Form = Form {
    name: "an action",
    doc: "What a rule does.",
    keys: &[
        Key::chief("set", Takes::Table(&SET), "Sets properties of devices."),
        Key::chief("step", Takes::Table(&STEP), "Adds to numbers of devices: brighter by 10."),
        Key::chief("toggle", Takes::TextsOr(&TOGGLE), "Turns devices on or off, whichever they are not."),
        Key::chief("invoke", Takes::Table(&INVOKE), "Has devices do something."),
        Key::chief("scene", Takes::Text, "Runs a scene, by its handle."),
        Key::chief("house", Takes::Word(HOME_MODES), "Sets the mode of the house."),
        Key::chief("variable", Takes::Table(&VARIABLE), "Sets a variable of the house."),
        Key::chief("wait", Takes::Span, "Lets time pass."),
        Key::chief("wait_until", Takes::Table(&WAIT_UNTIL), "Waits until something holds."),
        Key::chief("notify", Takes::Table(&NOTIFY), "Tells people something."),
        Key::chief("publish", Takes::Table(&PUBLISH), "Publishes a message with the broker."),
        Key::chief("speak", Takes::Table(&SPEAK), "Says something aloud."),
        Key::chief("http", Takes::Table(&HTTP), "Calls a server that the settings allow."),
        Key::chief("if", Takes::Table(&CONDITION), "Does `then` where this holds, else `else`."),
        Key::chief("choose", Takes::Tables(&WAY), "Does the first of these whose `if` holds, else `else`."),
        Key::chief("repeat", Takes::Table(&REPEAT), "Does something several times."),
        Key::chief(
            "parallel",
            Takes::Lists(&ACTION),
            "Does these lists at the same time, and goes on when all have ended.",
        ),
        Key::chief("stop", Takes::Text, "Ends the run, and says why."),
        Key::chief("run", Takes::Text, "Runs another rule, by its id, if its own condition holds."),
        Key::chief("enable", Takes::Text, "Lets a rule act, by its id; it is written into its file."),
        Key::chief("disable", Takes::Text, "Stops a rule from acting, by its id; it is written into its file."),
        Key::beside("then", &["if"], Takes::Tables(&ACTION), "What is done where it holds."),
        Key::beside("else", &["if", "choose"], Takes::Tables(&ACTION), "What is done where it doesn't."),
        Key::beside(
            "on_timeout",
            &["wait_until"],
            Takes::WordOrTables(ON_TIMEOUT, &ACTION),
            "What happens when `at_most` is over: `continue` holds without it; `stop`, or a list of actions.",
        ),
        Key::optional(
            "on_failure",
            Takes::Word(ON_FAILURE),
            "What happens when it fails: `continue` holds without it; `stop` ends the run, `retry` tries four times, then ends it.",
        ),
        Key::instead("mqtt", "publish"),
        Key::instead("call", "http"),
        Key::instead("delay", "wait"),
        Key::instead("while", "repeat"),
    ],
    base: None,
    chiefs: Chiefs::One,
    rest: Rest::Mistake,
};

const TARGET: Key = Key::required(
    "target",
    Takes::Devices,
    "Which devices: `hall-lamp`, `wall-switch/2`, `kind:light in room:kitchen`.",
);
const TRANSITION: Key = Key::optional("transition", Takes::Span, "How long the change shall take.");

/// The `set` of an action.
static SET: Form = Form {
    name: "a set action",
    doc: "Sets properties (`\"brightness.level\" = 30`) of devices. Of several devices, each is set what it has.",
    keys: &[TARGET, TRANSITION],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Property,
};

/// The `step` of an action.
static STEP: Form = Form {
    name: "a step action",
    doc: "Adds to numbers (`\"brightness.level\" = -10`) of devices, within what they take.",
    keys: &[TARGET, TRANSITION],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Property,
};

/// The `toggle` of an action.
static TOGGLE: Form = Form {
    name: "a toggle action",
    doc: "Turns a truth over. Of several devices, all become false where any is true, else all become true.",
    keys: &[TARGET, Key::optional("property", Takes::Text, "Which property; `on_off.on` without it.")],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `invoke` of an action.
static INVOKE: Form = Form {
    name: "an invoke action",
    doc: "Has devices do something; the action's parameters are keys beside it.",
    keys: &[TARGET, Key::required("action", Takes::Action, "What they do: `lock.lock`.")],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Parameter,
};

/// The `variable` of an action.
static VARIABLE: Form = Form {
    name: "a variable action",
    doc: "Sets a variable of the house, or adds to it.",
    keys: &[
        Key::required("name", Takes::Text, "The variable's handle."),
        Key::chief("value", Takes::Value, "What it becomes."),
        Key::chief("add", Takes::Number, "What is added to it."),
    ],
    base: None,
    chiefs: Chiefs::One,
    rest: Rest::Mistake,
};

/// The `notify` of an action.
static NOTIFY: Form = Form {
    name: "a notice",
    doc: "Tells people something. Texts may hold readings: `{bath/humidity.measured}`.",
    keys: &[
        Key::optional("to", Takes::Texts, "Names of people, or everyone; everyone without it."),
        Key::required("title", Takes::Template, "A few words."),
        Key::required("text", Takes::Template, "The message."),
        Key::optional("severity", Takes::Word(SEVERITIES), "How much it matters; info without it."),
        Key::optional("answers", Takes::Tables(&ANSWER), "Buttons beneath it; `answer` triggers rules by their ids."),
        Key::instead("actions", "answers"),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// One of the `answers` of a notice.
static ANSWER: Form = Form {
    name: "an answer",
    doc: "A button beneath a message.",
    keys: &[
        Key::required("id", Takes::Text, "Its name in rules."),
        Key::required("title", Takes::Text, "What the button says."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `speak` of an action.
static SPEAK: Form = Form {
    name: "a spoken message",
    doc: "Says something aloud. The text may hold readings: `{bath/humidity.measured}`.",
    keys: &[
        Key::required("text", Takes::Template, "What is said."),
        Key::optional("room", Takes::Text, "In which room; everywhere without it."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `http` of an action.
static HTTP: Form = Form {
    name: "a call",
    doc: "Calls a server. Its host must stand in the settings, as `http_hosts` of [rules].",
    keys: &[
        Key::required("url", Takes::Text, "Where: `https://example.org/path`."),
        Key::optional("method", Takes::Word(METHODS), "How; GET without it, POST with a `body`."),
        Key::optional("body", Takes::Template, "What is sent."),
        Key::optional("content_type", Takes::Text, "What the body is; application/json without it."),
        Key::optional("token", Takes::Text, "The name of a secret that is sent as a bearer token."),
        Key::optional("at_most", Takes::Span, "How long it may take, up to a minute; 10 seconds without it."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// One of the ways of `choose`.
static WAY: Form = Form {
    name: "a way",
    doc: "One of several things to do.",
    keys: &[
        Key::required("if", Takes::Table(&CONDITION), "What must hold."),
        Key::required("then", Takes::Tables(&ACTION), "What is done then."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};

/// The `repeat` of an action.
static REPEAT: Form = Form {
    name: "a repetition",
    doc: "Does something several times.",
    keys: &[
        Key::chief("times", Takes::Whole(1, Times::MOST), "So often."),
        Key::chief("while", Takes::Table(&CONDITION), "As long as this holds; it is asked before each time."),
        Key::chief("until", Takes::Table(&CONDITION), "Until this holds; it is asked after each time."),
        Key::chief("each", Takes::Devices, "Once for each of these devices, which are called `it` meanwhile."),
        Key::required("do", Takes::Tables(&ACTION), "What is done."),
        Key::instead("count", "times"),
    ],
    base: None,
    chiefs: Chiefs::One,
    rest: Rest::Mistake,
};

/// The `publish` of an action.
static PUBLISH: Form = Form {
    name: "a message",
    doc: "Publishes a message with the broker.",
    keys: &[
        Key::required("topic", Takes::Text, "On which topic: `zigbee2mqtt/hall-lamp/set`."),
        Key::required("payload", Takes::Payload, "What it says; a table is published as JSON."),
        Key::optional("retain", Takes::Flag, "Whether the broker keeps it for whoever comes later."),
        Key::optional("qos", Takes::Number, "How surely it arrives: 0, 1 or 2; 0 without it."),
    ],
    base: None,
    chiefs: Chiefs::None,
    rest: Rest::Mistake,
};
