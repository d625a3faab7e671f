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
}

impl Notice {
    /// A notice and when it was said.
    pub(crate) fn new(at: jiff::Timestamp, notice: &hub_model::Notice) -> Self {
        let hub_model::Notice { severity, title, text, to } = notice.clone();
        Self { at: at.into(), severity: severity.into(), title, text, to }
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
