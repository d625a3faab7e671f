//! Reads actions that are commands to devices, and to the house itself.

use std::collections::BTreeMap;

use hub_model::{
    Action as ActionName, Handle, Property, Shape, Value,
    capability::{Access, on_off, variable},
    suggest::did_you_mean,
};

use super::{
    fields::Fields,
    look::variable_of,
    node::{Node, property_by_short_name, value_of},
    trigger::{fits, mode_of_house},
};
use crate::{
    fault::Spot,
    rule::{Action, Said, Selector, Whereabouts},
};

pub(super) fn set(fields: &Fields<'_>) -> Option<Action> {
    let (target, transition) = (fields.several("target"), fields.span("transition"));
    let mut set = Vec::new();
    for (name, spot, node) in fields.rest() {
        properties(fields, name.to_owned(), spot, node, &read_value, &mut set);
    }
    if fields.rest().next().is_none() {
        fields.fault(fields.spot, "a set action needs a property, such as \"on_off.on\" = true");
    }
    Some(Action::Set { target: target?, set, transition })
}

pub(super) fn step(fields: &Fields<'_>) -> Option<Action> {
    let (target, transition) = (fields.several("target"), fields.span("transition"));
    let mut set = Vec::new();
    for (name, spot, node) in fields.rest() {
        properties(fields, name.to_owned(), spot, node, &read_step, &mut set);
    }
    if fields.rest().next().is_none() {
        fields.fault(fields.spot, "a step action needs a number to add to, such as \"brightness.level\" = 10");
    }
    let by = set.into_iter().filter_map(|said| {
        let (property, value) = said.value;
        Some(Said { value: (property, value.as_number()?), spot: said.spot })
    });
    Some(Action::Step { target: target?, by: by.collect(), transition })
}

fn read_step(property: &Property, node: Node<'_>) -> Result<Value, String> {
    let number = value_of(node).filter(|value| value.as_number().is_some());
    let number = number.ok_or_else(|| format!("a step of `{property}` is a number, not {}", node.found()))?;
    let spec = property.known();
    if spec.is_some_and(|spec| !matches!(Shape::from(spec.kind), Shape::Number(_))) {
        return Err(format!("`{property}` is no number, so that nothing can be added to it"));
    }
    if spec.is_some_and(|spec| spec.access == Access::Read) {
        return Err(format!("`{property}` is only reported; it can't be set"));
    }
    Ok(number)
}

pub(super) fn toggle(fields: &Fields<'_>) -> Option<Action> {
    let usual = |spot| Said { value: Property::from(&on_off::ON), spot };
    if !fields.is_table("toggle") {
        let target = fields.several::<Whereabouts>("toggle")?;
        let property = usual(fields.key_spot("toggle"));
        return Some(Action::Toggle { target, property });
    }
    let table = fields.table("toggle")?;
    let target = table.several::<Whereabouts>("target");
    let property = if table.has("property") { table.parsed::<Property>("property")? } else { usual(table.spot) };
    if let Err(message) = flag(&property.value) {
        table.fault(property.spot, message);
    }
    Some(Action::Toggle { target: target?, property })
}

fn flag(property: &Property) -> Result<(), String> {
    let Some(spec) = property.known() else { return Ok(()) };
    if !matches!(Shape::from(spec.kind), Shape::Bool) {
        return Err(format!("`{property}` is neither true nor false, so that it can't be turned over"));
    }
    if spec.access == Access::Read {
        return Err(format!("`{property}` is only reported; it can't be set"));
    }
    Ok(())
}

/// The house has its mode set like any other property.
pub(super) fn house(fields: &Fields<'_>) -> Option<Action> {
    let (spot, mode) = (fields.key_spot("house"), fields.word("house")?);
    let of = mode_of_house(spot);
    let set = vec![Said { value: (of.value.property.clone(), Value::text(mode)), spot }];
    Some(Action::Set { target: vec![of.map(|of| of.place)], set, transition: None })
}

pub(super) fn variable(fields: &Fields<'_>) -> Option<Action> {
    let handle = fields.parsed::<Handle>("name");
    if fields.has("add") {
        let (by, handle) = (fields.number("add")?, handle?);
        let by = vec![Said { value: ((&variable::NUMBER).into(), by), spot: handle.spot }];
        return Some(Action::Step { target: vec![handle.map(of_handle)], by, transition: None });
    }
    let value = fields.value("value")?;
    let Some(property) = variable_of(&value.value) else {
        fields.fault(value.spot, "a variable is true or false, a number or a text");
        return None;
    };
    let set = vec![value.map(|value| (property, value))];
    Some(Action::Set { target: vec![handle?.map(of_handle)], set, transition: None })
}

fn of_handle(handle: Handle) -> Whereabouts {
    Whereabouts { selector: Selector::of(handle), endpoint: None }
}

/// Reads a property with its value. A name without quotes (`on_off.on = true`) is a table within a table to TOML, so
/// that its parts are put together again.
fn properties(
    fields: &Fields<'_>,
    name: String,
    spot: Spot,
    node: Node<'_>,
    read: &impl Fn(&Property, Node<'_>) -> Result<Value, String>,
    set: &mut Vec<Said<(Property, Value)>>,
) {
    let is_whole = name.matches('.').count() >= if name.starts_with("x.") { 2 } else { 1 };
    if let (false, Some(table)) = (is_whole, node.table()) {
        for (part, item) in table.iter() {
            if let Some(node) = Node::of(item) {
                properties(fields, format!("{name}.{part}"), spot, node, read, set);
            }
        }
        return;
    }
    match name.parse::<Property>() {
        Ok(property) => match read(&property, node) {
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

fn read_value(property: &Property, node: Node<'_>) -> Result<Value, String> {
    let value = value_of(node).ok_or_else(|| {
        format!("`{property}` takes true or false, a number, a text or a colour {{ h, s }}, not {}", node.found())
    })?;
    if property.known().is_some_and(|spec| spec.access == Access::Read) {
        return Err(format!("`{property}` is only reported; it can't be set"));
    }
    fits(property, &value).map(|()| value)
}

pub(super) fn invoke(fields: &Fields<'_>) -> Option<Action> {
    let (target, action) = (fields.several("target"), fields.parsed::<ActionName>("action"));
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
