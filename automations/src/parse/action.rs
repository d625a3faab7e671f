//! Reads actions.

use hub_model::RuleId;
use smol_str::SmolStr;

use super::{fields::Fields, flow, message, orders, telling};
use crate::rule::{Action, OnFailure, Said, Then};

/// Reads a list of actions.
pub(super) fn read_list(fields: &Fields<'_>, name: &'static str) -> Option<Vec<Then>> {
    read_all(&fields.list(name))
}

/// Reads several actions.
pub(super) fn read_all(list: &[Fields<'_>]) -> Option<Vec<Then>> {
    // All are read before the first that fails ends it, so that all mistakes are told.
    list.iter().map(read).collect::<Vec<_>>().into_iter().collect()
}

fn read(fields: &Fields<'_>) -> Option<Then> {
    let on_failure = match fields.word("on_failure") {
        Some("stop") => OnFailure::Stop,
        Some("retry") => OnFailure::Retry,
        _ => OnFailure::Continue,
    };
    let action = action(fields)?;
    let can_fail = matches!(
        action,
        Action::Set { .. }
            | Action::Step { .. }
            | Action::Toggle { .. }
            | Action::Invoke { .. }
            | Action::Scene(_)
            | Action::Publish(_)
            | Action::Speak { .. }
            | Action::Http(_)
    );
    if fields.has("on_failure") && !can_fail {
        fields.fault_at("on_failure", "`on_failure` goes with what can fail: commands, scenes, speech and calls");
    }
    Some(Then { action, on_failure })
}

fn action(fields: &Fields<'_>) -> Option<Action> {
    match fields.chief()? {
        "set" => orders::set(&fields.table("set")?),
        "step" => orders::step(&fields.table("step")?),
        "toggle" => orders::toggle(fields),
        "invoke" => orders::invoke(&fields.table("invoke")?),
        "scene" => fields.text("scene").map(|said| Action::Scene(said.map(SmolStr::from))),
        "house" => orders::house(fields),
        "variable" => orders::variable(&fields.table("variable")?),
        "wait" => fields.span("wait").map(Action::Wait),
        "wait_until" => flow::wait_until(fields),
        "notify" => telling::notify(&fields.table("notify")?),
        "publish" => message::publish(&fields.table("publish")?),
        "speak" => telling::speak(&fields.table("speak")?),
        "http" => telling::http(&fields.table("http")?),
        "choose" => flow::choose(fields),
        "repeat" => flow::repeat(&fields.table("repeat")?),
        "parallel" => flow::parallel(fields),
        "stop" => fields.text("stop").map(|said| Action::Stop(said.value.into())),
        "run" => rule(fields, "run").map(Action::Run),
        "enable" => rule(fields, "enable").map(|rule| Action::Enable { rule, enabled: true }),
        "disable" => rule(fields, "disable").map(|rule| Action::Enable { rule, enabled: false }),
        _ => flow::branch(fields),
    }
}

fn rule(fields: &Fields<'_>, name: &'static str) -> Option<Said<RuleId>> {
    fields.text(name).map(|said| said.map(|id| RuleId(id.into())))
}
