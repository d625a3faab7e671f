//! What the engine wants done.

use hub_model::{Cause, Message, Notice, RoomId, RuleId, RunId, SceneId, Trace};

use crate::{plan::Call, plan::Order};

/// Something to do, or to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a command.
    Control {
        /// Who wants it.
        by: By,
        /// What is asked of whom.
        order: Order,
    },
    /// Run a scene.
    Scene {
        /// Who wants it.
        by: By,
        /// Which scene.
        scene: SceneId,
    },
    /// Tell people something.
    Notify {
        /// Who wants it; the engine itself without it.
        by: Option<By>,
        /// What.
        notice: Notice,
        /// Who says it.
        cause: Cause,
    },
    /// Publish a message.
    Publish {
        /// Who wants it.
        by: By,
        /// What.
        message: Message,
    },
    /// Say something aloud.
    Speak {
        /// Who wants it.
        by: By,
        /// In which room; everywhere without it.
        room: Option<RoomId>,
        /// What.
        text: String,
    },
    /// Call a server.
    Call {
        /// Who wants it.
        by: By,
        /// Which, and how.
        call: Call,
        /// What is sent.
        body: Option<String>,
    },
    /// Let a rule act, or not.
    Enable {
        /// Who wants it.
        by: By,
        /// Which rule.
        rule: RuleId,
        /// Whether it acts.
        enabled: bool,
    },
    /// What is to be remembered of a run.
    Trace(Trace),
}

/// Who wants something done.
#[derive(Debug, Clone, PartialEq)]
pub struct By {
    /// The rule.
    pub rule: RuleId,
    /// The run of it.
    pub run: RunId,
    /// The rule and its run, and who began that.
    pub cause: Cause,
    /// What to name in [`Input::Outcome`](super::Input::Outcome), where the run waits for the outcome.
    pub deed: Option<Deed>,
}

/// Something that a run waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deed(pub u64);

/// How much of what is sent to a server is told.
const MOST_OF_A_BODY: usize = 200;

/// What is said aloud, in words for records.
pub(crate) fn said_aloud(text: &str) -> String {
    format!("says aloud: {text}")
}

/// What is asked of a server, in words for records.
pub(crate) fn called(call: &Call, body: Option<&str>) -> String {
    let what = format!("calls {} {}", call.method.word(), call.url);
    match body {
        None => what,
        Some(body) if body.chars().count() <= MOST_OF_A_BODY => format!("{what} with {body}"),
        Some(body) => format!("{what} with {} ...", body.chars().take(MOST_OF_A_BODY).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::rule::HttpMethod;

    #[test]
    fn of_what_is_sent_to_a_server_only_the_beginning_is_told() {
        let (url, content_type) = ("https://example.org/x".into(), "text/plain".into());
        let (method, at_most) = (HttpMethod::Post, Duration::from_secs(1));
        let call = Call { url, method, body: None, content_type, token: None, at_most };
        assert_eq!(called(&call, None), "calls POST https://example.org/x");
        assert_eq!(called(&call, Some("on")), "calls POST https://example.org/x with on");
        let long = "三".repeat(MOST_OF_A_BODY + 1);
        let told = called(&call, Some(&long));
        assert!(told.ends_with("三 ...") && told.chars().count() < MOST_OF_A_BODY + 50, "{told}");
    }
}
