//! The generated types that name every capability: an endpoint's fields, `SetInput`, `InvokeInput`.

use std::fmt::Write as _;

use hub_model::capability::{CAPABILITIES, Capability};

use super::{
    capability::settable,
    names::{camel, pascal},
};

const BANNER: &str = "//! Written by `cargo xtask codegen` from the capability table.";

/// `generated.rs`: the list of modules.
pub(super) fn modules() -> String {
    let mut text = format!(
        "{BANNER}\n//!\n//! One module for each capability, with its object and inputs, and the three that gather them.\n\n"
    );
    let gatherers = ["capabilities", "invoke", "set"];
    let mut names: Vec<&str> = CAPABILITIES.iter().map(|row| row.name).chain(gatherers).collect();
    names.sort_unstable();
    for name in names {
        writeln!(text, "mod {name};").expect("a string takes all");
    }
    text + "\npub(crate) use {capabilities::Capabilities, invoke::InvokeInput, set::SetInput};\n"
}

/// `generated/capabilities.rs`: one field of an endpoint for each capability.
pub(super) fn capabilities() -> String {
    let fields: String = CAPABILITIES
        .iter()
        .map(|row| {
            let (name, object) = (row.name, pascal(row.name));
            format!(
                "/// {doc}\nasync fn {name}(&self) -> Option<{object}> {{ {object}::of(&self.0) }}\n",
                doc = row.doc
            )
        })
        .collect();
    format!(
        "{BANNER}\n\nuse async_graphql::Object;\n\nuse crate::part::Part;\n\n{uses}\n\n\
         /// What an endpoint offers, capability by capability; null where it doesn't.\n\
         pub(crate) struct Capabilities(pub(crate) Part);\n\n\
         #[Object]\nimpl Capabilities {{\n{fields}}}\n",
        uses = uses(CAPABILITIES.iter().copied(), ""),
    )
}

/// `generated/set.rs`: any properties to set, as one command.
pub(super) fn set() -> String {
    let rows: Vec<&Capability> = CAPABILITIES.iter().copied().filter(|row| settable(row).next().is_some()).collect();
    let fields: String = rows
        .iter()
        .map(|row| format!("/// {}\npub(crate) {}: Option<{}Input>,\n", row.doc, row.name, pascal(row.name)))
        .collect();
    let collected: String = rows
        .iter()
        .map(|row| format!("if let Some(input) = self.{} {{ input.collect(&mut set); }}\n", row.name))
        .collect();
    format!(
        "{BANNER}\n\nuse async_graphql::InputObject;\nuse hub_model::{{Property, Value}};\n\n\
         use crate::vendor::{{BadProperty, PropertyInput}};\n\n{uses}\n\n\
         /// What to set: any fields, sent to the device as one command.\n\
         #[derive(Debug, Default, InputObject)]\n\
         pub(crate) struct SetInput {{\n{fields}\
         /// Properties by name: those that only their vendor knows (`x.<vendor>.<name>`), or any other.\n\
         pub(crate) vendor: Option<Vec<PropertyInput>>,\n}}\n\n\
         impl SetInput {{\n\
         /// The properties and their values, in the table's order.\n\
         pub(crate) fn pairs(self) -> Result<Vec<(Property, Value)>, BadProperty> {{\n\
         let mut set = Vec::new();\n{collected}\
         for input in self.vendor.unwrap_or_default() {{ set.push(input.pair()?); }}\n\
         Ok(set)\n}}\n}}\n",
        uses = uses(rows.iter().copied(), "Input"),
    )
}

/// `generated/invoke.rs`: exactly one action.
pub(super) fn invoke() -> String {
    let rows: Vec<&Capability> = CAPABILITIES.iter().copied().filter(|row| !row.actions.is_empty()).collect();
    let variants: String = rows
        .iter()
        .map(|row| format!("/// {}\n{pascal}({pascal}Action),\n", row.doc, pascal = pascal(row.name)))
        .collect();
    let arms: String =
        rows.iter().map(|row| format!("Self::{}(action) => action.invoke(),\n", pascal(row.name))).collect();
    format!(
        "{BANNER}\n\nuse async_graphql::OneofObject;\nuse hub_model::Invoke;\n\n\
         use crate::vendor::{{BadAction, VendorAction}};\n\n{uses}\n\n\
         /// What to do: exactly one action.\n\
         #[derive(Debug, OneofObject)]\n\
         pub(crate) enum InvokeInput {{\n{variants}\
         /// An action that only its vendor knows.\nVendor(VendorAction),\n}}\n\n\
         impl InvokeInput {{\n\
         /// The action and what it is told.\n\
         pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {{\n\
         match self {{\n{arms}Self::Vendor(action) => action.invoke(),\n}}\n}}\n}}\n",
        uses = uses(rows.iter().copied(), "Action"),
    )
}

fn uses<'a>(rows: impl Iterator<Item = &'a Capability>, suffix: &str) -> String {
    let mut names: Vec<String> = rows.map(|row| format!("{}::{}{suffix}", row.name, pascal(row.name))).collect();
    names.sort_unstable();
    format!("use super::{{{}}};", names.join(", "))
}

/// The attribute that names a field, where async-graphql would name it otherwise.
pub(super) fn renamed(snake: &str) -> String {
    let before_digit = snake.split('_').skip(1).any(|part| part.starts_with(|first: char| first.is_ascii_digit()));
    if before_digit { format!("#[graphql(name = \"{}\")]\n", camel(snake)) } else { String::new() }
}
