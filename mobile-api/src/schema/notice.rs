//! What the hub and rules said to people.

use async_graphql::{Context, Object, SimpleObject};

use super::word::Severity;
use crate::{asker::Asker, scalar::DateTime, sight};

/// A message to people.
#[derive(Debug, SimpleObject)]
pub(crate) struct Notice {
    /// When it was said.
    at: DateTime,
    /// How much it matters.
    severity: Severity,
    /// A few words.
    title: String,
    /// What happened, and what one can do.
    text: String,
    /// Names of the people it is for; empty for everyone.
    to: Vec<String>,
    /// What they can answer, by `answerNotice`.
    answers: Vec<Answer>,
}

/// A button beneath a message.
#[derive(Debug, SimpleObject)]
#[graphql(name = "NoticeAnswer")]
pub(crate) struct Answer {
    /// Its name in rules.
    id: String,
    /// What the button says.
    title: String,
}

impl Notice {
    /// A notice and when it was said.
    pub(crate) fn new(at: jiff::Timestamp, notice: &hub_model::Notice) -> Self {
        let hub_model::Notice { severity, title, text, to, answers } = notice.clone();
        let answers = answers.into_iter().map(|answer| Answer { id: answer.id.into(), title: answer.title }).collect();
        Self { at: at.into(), severity: severity.into(), title, text, to, answers }
    }
}

/// Notices.
#[derive(Debug, Default)]
pub(crate) struct NoticeQuery;

#[Object]
impl NoticeQuery {
    /// The latest messages that are for whoever asks, oldest first.
    async fn notices(&self, context: &Context<'_>) -> Vec<Notice> {
        let asker = Asker::of(context);
        let notices = asker.session.notices();
        let shown = notices.iter().filter(|(_, notice)| sight::shows_notice(asker.view(), notice));
        shown.map(|(at, notice)| Notice::new(*at, notice)).collect()
    }
}
