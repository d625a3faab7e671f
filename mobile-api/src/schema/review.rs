//! What a review of all rules finds: conflicts, cycles, rules that never run or add nothing.

use async_graphql::{Context, Enum, Error, ID, Object, SimpleObject};
use automations::review::FindingKind;
use hub_model::{Role, RuleId};

use crate::asker::Asker;

/// What can be the matter with rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "FindingKind", remote = "automations::review::FindingKind")]
enum Kind {
    /// Two rules set one property to different values at the same moment.
    Conflict,
    /// Rules set each other off, or one sets off itself, for ever.
    Cycle,
    /// Rules set each other off in a chain that is so long that the hub cuts it.
    Cut,
    /// A rule can't run: whenever it is triggered, its condition does not hold.
    NeverRuns,
    /// A rule does only what another does at the same moment.
    Shadowed,
}

/// Something about the rules that nobody can have meant.
#[derive(Debug, SimpleObject)]
#[graphql(name = "RuleFinding")]
pub(crate) struct Finding {
    /// What it is.
    kind: Kind,
    /// A few words for it.
    title: String,
    /// The rules that it is about.
    rules: Vec<ID>,
    /// The same in words, with an example: a state, a time, what happens, and what comes of it.
    text: String,
    /// The file of the last of these rules; `text` for a text that is not saved.
    file: Option<String>,
    /// Its line, from 1.
    line: u32,
    /// Its column, from 1.
    column: u32,
}

/// What a review found.
#[derive(Debug, SimpleObject)]
struct Review {
    /// The worst first.
    findings: Vec<Finding>,
    /// Whether there was so much to look at that the rest was left out.
    cut_short: bool,
}

/// Reviewing rules.
#[derive(Debug, Default)]
pub(crate) struct ReviewQuery;

#[Object]
impl ReviewQuery {
    /// Reviews all rules that are enabled. With a text, it tells what that adds to it: as a new rule, or as another text for
    /// the one of `id`, as `saveRule` would write it; a text with a mistake is refused. For members.
    #[graphql(complexity = "500 + child_complexity")]
    async fn review(&self, context: &Context<'_>, id: Option<ID>, text: Option<String>) -> Result<Review, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Member)?;
        let review = match (text, id) {
            (Some(text), id) => {
                let id = id.map(|id| RuleId(id.0.into()));
                asker.rules.review_text(&asker.session, id, text).await?
            }
            (None, Some(_)) => return Err(Error::new("give the `text` that the rule of this `id` would have")),
            (None, None) => asker.rules.review(&asker.session).await?,
        };
        Ok(Review { findings: review.findings.into_iter().map(Finding::from).collect(), cut_short: review.cut_short })
    }
}

impl From<automations::review::Finding> for Finding {
    fn from(finding: automations::review::Finding) -> Self {
        Self {
            kind: finding.kind.into(),
            title: FindingKind::title(finding.kind).to_owned(),
            rules: finding.rules.into_iter().map(ID::from).collect(),
            file: finding.fault.file.file_name().map(|name| name.to_string_lossy().into_owned()),
            line: finding.fault.line,
            column: finding.fault.column,
            text: finding.fault.message,
        }
    }
}
