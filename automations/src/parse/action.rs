//! Reads actions.

use std::collections::BTreeMap;

use hub_model::{Action as ActionName, Property, Severity, Value, capability::Access, suggest::did_you_mean};
use smol_str::SmolStr;

use super::{
    condition,
    fields::Fields,
    message,
    node::{Node, property_by_short_name, value_of},
    trigger::fits,
};
use crate::{
    fault::Spot,
    rule::{Action, Said},
};

/// Reads a list of actions.
pub(super) fn read_list(fields: &Fields<'_>, name: &'static str) -> Option<Vec<Action>> {
    // All are read before the first that fails ends it, so that all mistakes are told.
    fields.list(name).iter().map(read).collect::<Vec<_>>().into_iter().collect()
}

fn read(fields: &Fields<'_>) -> Option<Action> {
    let chief = fields.chief()?;
    for name in ["then", "else"] {
        if chief != "if" && fields.has(name) {
            fields.fault_at(name, format!("`{name}` goes with `if`"));
        }
    }
    match chief {
        "set" => set(&fields.table("set")?),
        "invoke" => invoke(&fields.table("invoke")?),
        "scene" => fields.text("scene").map(|said| Action::Scene(said.map(SmolStr::from))),
        "wait" => fields.span("wait").map(Action::Wait),
        "wait_until" => {
            let fields = fields.table("wait_until")?;
            let at_most = fields.span("at_most");
            Some(Action::WaitUntil { condition: condition::read(&fields)?, at_most })
        }
        "notify" => notify(&fields.table("notify")?),
        "publish" => message::publish(&fields.table("publish")?),
        _ => branch(fields),
    }
}

fn branch(fields: &Fields<'_>) -> Option<Action> {
    let condition = fields.table("if").and_then(|table| condition::read(&table));
    if !fields.has("then") && !fields.has("else") {
        fields.fault(fields.spot, "`if` needs `then`, a list of actions, or `else`");
    }
    let (then, otherwise) = (read_list(fields, "then"), read_list(fields, "else"));
    Some(Action::If { condition: condition?, then: then?, otherwise: otherwise? })
}

fn set(fields: &Fields<'_>) -> Option<Action> {
    let (target, transition) = (fields.parsed("target"), fields.span("transition"));
    let mut set = Vec::new();
    for (name, spot, node) in fields.rest() {
        properties(fields, name.to_owned(), spot, node, &mut set);
    }
    if fields.rest().next().is_none() {
        fields.fault(fields.spot, "a set action needs a property, such as \"on_off.on\" = true");
    }
    Some(Action::Set { target: target?, set, transition })
}

/// Reads a property with its value. A name without quotes (`on_off.on = true`) is a table within a table to TOML, so
/// that its parts are put together again.
fn properties(fields: &Fields<'_>, name: String, spot: Spot, node: Node<'_>, set: &mut Vec<Said<(Property, Value)>>) {
    let is_whole = name.matches('.').count() >= if name.starts_with("x.") { 2 } else { 1 };
    if let (false, Some(table)) = (is_whole, node.table()) {
        for (part, item) in table.iter() {
            if let Some(node) = Node::of(item) {
                properties(fields, format!("{name}.{part}"), spot, node, set);
            }
        }
        return;
    }
    match name.parse::<Property>() {
        Ok(property) => match value(&property, node) {
            Ok(value) => set.push(Said { value: (property, value), spot }),
            Err(message) => fields.fault(fields.node_spot(node).unwrap_or(spot), message),
        },
        Err(error) => {
            let meant = property_by_short_name(&name).map(|name| format!(", did you mean `{name}`?"));
            let own = did_you_mean(&name, ["target", "transition"]);
            let hint = if own.is_empty() { meant.unwrap_or(error.hint) } else { own };
            fields.fault(spot, format!("there is no property `{}`{hint}", error.name));
        }
    }
}

fn value(property: &Property, node: Node<'_>) -> Result<Value, String> {
    let value = value_of(node).ok_or_else(|| {
        format!("`{property}` takes true or false, a number, a text or a colour {{ h, s }}, not {}", node.found())
    })?;
    if property.known().is_some_and(|spec| spec.access == Access::Read) {
        return Err(format!("`{property}` is only reported; it can't be set"));
    }
    fits(property, &value).map(|()| value)
}

fn invoke(fields: &Fields<'_>) -> Option<Action> {
    let (target, action) = (fields.parsed("target"), fields.parsed::<ActionName>("action"));
    let action = action?;
    let mut arguments = BTreeMap::new();
    for (name, spot, node) in fields.rest() {
        match argument(&action.value, name, node) {
            Ok(value) => drop(arguments.insert(name.into(), value)),
            Err(message) => fields.fault(spot, message),
        }
    }
    let parameters = action.value.known().map_or(&[][..], |spec| spec.parameters);
    for missing in parameters.iter().filter(|parameter| parameter.required && !fields.has(parameter.name)) {
        fields.fault(action.spot, format!("`{}` needs `{}` beside it", action.value, missing.name));
    }
    Some(Action::Invoke { target: target?, action, arguments })
}

fn argument(action: &ActionName, name: &str, node: Node<'_>) -> Result<Value, String> {
    let value = value_of(node).ok_or_else(|| format!("`{name}` takes a value, not {}", node.found()))?;
    let Some(spec) = action.known() else { return Ok(value) };
    let Some(parameter) = spec.parameters.iter().find(|parameter| parameter.name == name) else {
        let hint = did_you_mean(name, spec.parameters.iter().map(|parameter| parameter.name));
        let shown: String = name.chars().take(60).collect();
        return Err(format!("`{action}` has no parameter `{shown}`{hint}"));
    };
    if parameter.secret {
        return Err(format!("`{name}` is a secret, and secrets never stand in rule files; that is not supported yet"));
    }
    parameter.check(&value).map(|()| value).map_err(|misfit| misfit.to_string())
}

fn notify(fields: &Fields<'_>) -> Option<Action> {
    let to = fields.has("to").then(|| fields.texts("to")).map_or(Some(Vec::new()), |to| to);
    let (title, text) = (fields.text("title"), fields.text("text"));
    let severity = match fields.word("severity") {
        Some("warning") => Severity::Warning,
        Some("alarm") => Severity::Alarm,
        _ => Severity::Info,
    };
    let everyone = |to: &Vec<Said<SmolStr>>| to.iter().any(|name| name.value == "everyone");
    let to = to.map(|to| if everyone(&to) { Vec::new() } else { to })?;
    Some(Action::Notify { to, title: title?.value.to_owned(), text: text?.value.to_owned(), severity })
}
