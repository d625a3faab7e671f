//! What would happen if: states and a time that are not so, and every consequence. Nothing leaves the hub.

use std::{sync::Arc, time::Duration};

use async_graphql::{Context, Enum, Error, ID, InputObject, Object, SimpleObject};
use automations::what_if::{Consequence as Drawn, Happening, Supposition};
use hub_core::View;
use hub_model::{DeviceId, EndpointId, Occurrence, Path, PathName, Role, run::Taken};
use jiff::Timestamp;

use crate::{
    asker::Asker,
    find,
    scalar::{DateTime, Value},
};

/// A property and what it is supposed to be.
#[derive(Debug, InputObject)]
struct SupposedValue {
    /// Which one: `hall-lamp/on_off.on`, `wall-switch/2/on_off.on`.
    path: String,
    /// What it is; null for unknown.
    value: Option<Value>,
}

/// Something that is supposed to happen.
#[derive(Debug, InputObject)]
struct SupposedOccurrence {
    /// The device's id or handle.
    device: ID,
    /// Its endpoint; where it is left out, the first one.
    endpoint: Option<ID>,
    /// What happens, by its whole name such as `button.single`.
    what: String,
}

/// What kind of thing would come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum ConsequenceKind {
    /// Something happens: it was supposed, or a device did what it was asked.
    Event,
    /// A rule runs.
    Runs,
    /// A rule is triggered and does not run.
    Skips,
    /// A rule looks at something on its way, or waits.
    Step,
    /// A device is asked something.
    Asks,
    /// People are told something.
    Says,
    /// Anything else leaves the hub: words aloud, a call of a server.
    Does,
    /// A run ends before its last step.
    Ends,
}

/// Something that would come about.
#[derive(Debug, SimpleObject)]
struct Consequence {
    /// When.
    at: DateTime,
    /// What kind of thing.
    kind: ConsequenceKind,
    /// In words.
    text: String,
    /// What it comes from: its place in the list, from 0. Null for what is supposed, and for what time alone brings.
    because: Option<usize>,
    /// The rule, where one runs or does not.
    rule: Option<ID>,
}

/// Asking what would happen.
#[derive(Debug, Default)]
pub(crate) struct WhatIfQuery;

#[Object]
impl WhatIfQuery {
    /// Supposes states and a time, and draws every consequence by the rules, in the order in which they would come about; at
    /// most 1000. A rule that is disabled is told as one that does not run. Devices that can be reached are supposed to do
    /// at once what they are asked. For members.
    #[graphql(complexity = "500 + 10 * child_complexity")]
    async fn what_if(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The moment; now where it is left out.")] at: Option<DateTime>,
        #[graphql(desc = "How properties are before anything happens; all others are as they are now.", default)] given: Vec<SupposedValue>,
        #[graphql(desc = "What properties become at that moment, one after the other.", default)] becomes: Vec<
            SupposedValue,
        >,
        #[graphql(desc = "What happens at that moment.", default)] occurs: Vec<SupposedOccurrence>,
        #[graphql(desc = "For how long to follow it, in s.", default = 3600.0, name = "for")] span: f64,
    ) -> Result<Vec<Consequence>, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Member)?;
        let view = asker.view();
        let values =
            |list: Vec<SupposedValue>| list.into_iter().map(|one| supposed(view, one)).collect::<Result<Vec<_>, _>>();
        let occur = occurs.into_iter().map(|one| happening(view, one)).collect::<Result<_, _>>()?;
        let supposition = Supposition { given: values(given)?, becomes: values(becomes)?, occur };
        let at = at.map_or_else(Timestamp::now, |at| at.0);
        let span = Duration::try_from_secs_f64(span).map_err(|_| Error::new("`for` takes seconds, from 0 on"))?;
        let span = span.min(Duration::from_secs(366 * 24 * 3600));
        let drawn = asker.rules.what_if(&asker.session, supposition, at, span).await?;
        Ok(drawn.iter().map(|drawn| consequence(view, drawn)).collect())
    }
}

fn supposed(view: &Arc<View>, SupposedValue { path, value }: SupposedValue) -> Result<(Path, hub_model::Value), Error> {
    let name: PathName = path.parse()?;
    let known = find::device(view, &ID(name.handle.to_string()))?;
    let path = Path { device: known.device.id, endpoint: name.endpoint.clone(), property: name.property.clone() };
    let endpoint = known.device.endpoint(&name.endpoint);
    let offer = endpoint.and_then(|endpoint| endpoint.offer(&name.property));
    let offer = offer.ok_or_else(|| Error::new(format!("there is no `{name}`")))?;
    let value = value.map_or(hub_model::Value::Unknown, |value| value.0);
    offer.check(&value)?;
    Ok((path, value))
}

fn happening(view: &Arc<View>, one: SupposedOccurrence) -> Result<(DeviceId, EndpointId, Occurrence), Error> {
    let known = find::device(view, &one.device)?;
    let endpoint = match one.endpoint {
        Some(endpoint) => find::endpoint(&known.device, &endpoint)?,
        None => EndpointId::first(),
    };
    Ok((known.device.id, endpoint, one.what.parse()?))
}

fn consequence(view: &Arc<View>, Drawn { at, what, because }: &Drawn) -> Consequence {
    let (kind, text, rule) = match what {
        Happening::Event(event) => (ConsequenceKind::Event, view.event_text(event), None),
        Happening::Runs(record) => {
            (ConsequenceKind::Runs, format!("`{}` runs", record.name), Some(ID(record.of.id().to_string())))
        }
        Happening::Skips(record) => {
            let text = format!("`{}` does not run. {}", record.name, super::run::text(record));
            (ConsequenceKind::Skips, text, Some(ID(record.of.id().to_string())))
        }
        Happening::Step(step) => (ConsequenceKind::Step, step_text(step), None),
        Happening::Asks(values, outcome) => {
            let values: Vec<_> =
                values.iter().map(|(path, value)| format!("{} = {value}", view.path_name(path))).collect();
            let outcome = if outcome.is_good() { String::new() } else { format!(", which would end {outcome}") };
            (ConsequenceKind::Asks, format!("sets {}{outcome}", values.join(", ")), None)
        }
        Happening::Says(notice) => (ConsequenceKind::Says, format!("says `{}`: {}", notice.title, notice.text), None),
        Happening::Does(text) => (ConsequenceKind::Does, text.clone(), None),
        Happening::Ends(end) => (ConsequenceKind::Ends, end.sentence().to_owned(), None),
    };
    Consequence { at: DateTime(*at), kind, text, because: *because, rule }
}

fn step_text(step: &Taken) -> String {
    match step {
        Taken::Looked(part) => format!("{}: {}", part.text, if part.holds { "yes" } else { "no" }),
        Taken::Waited(span) => format!("waits {} s", span.as_secs_f64()),
        Taken::Did(text) => text.clone(),
        Taken::Command(given) => given.text.clone(),
        Taken::Scene { .. } => "runs a scene".into(),
    }
}
