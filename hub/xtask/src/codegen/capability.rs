//! One capability's module: the object that shows it, the input that sets it, the actions that it takes.

use hub_model::{
    Unit,
    capability::{Access, ActionSpec, Capability, Kind, Parameter, PropertySpec},
};

use super::{
    names::{pascal, row},
    roots::renamed,
};

/// The properties that can be set, on some devices at least.
pub(super) fn settable(row: &Capability) -> impl Iterator<Item = &'static PropertySpec> {
    row.properties.iter().copied().filter(|spec| spec.access == Access::ReadWrite)
}

/// The source of a capability's module.
pub(super) fn module(capability: &Capability) -> String {
    let name = capability.name;
    let parts = [object(capability), input(capability), action(capability), parameters(capability)].concat();
    let mut uses = String::new();
    let derives = ["SimpleObject", "InputObject", "OneofObject"].into_iter();
    let derives: Vec<_> = derives.filter(|derive| parts.contains(&format!("{derive})]"))).collect();
    uses += &format!("use async_graphql::{{{}}};\n", derives.join(", "));
    let mut model = vec![format!("capability::{name} as table")];
    model.extend(["Invoke", "Property", "Value"].into_iter().filter(|word| mentions(&parts, word)).map(str::to_owned));
    uses += &format!("use hub_model::{{{}}};\n\n", model.join(", "));
    uses += &our_uses(&parts);
    format!("//! Written by `cargo xtask codegen` from the capability table: `{name}`.\n\n{uses}\n{parts}")
}

fn our_uses(parts: &str) -> String {
    let ours: [(&str, &[&str]); 3] = [
        ("part", &["NumberLimits", "Part"]),
        ("scalar", &["HueSaturation", "HueSaturationInput"]),
        ("vendor", &["BadAction"]),
    ];
    let lines = ours.iter().filter_map(|(module, words)| {
        let words: Vec<_> = words.iter().copied().filter(|word| mentions(parts, word)).collect();
        (!words.is_empty()).then(|| format!("use crate::{module}::{{{}}};\n", words.join(", ")))
    });
    lines.collect()
}

fn mentions(source: &str, word: &str) -> bool {
    let is_part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    source
        .match_indices(word)
        .any(|(at, _)| !is_part(source[..at].chars().next_back()) && !is_part(source[at + word.len()..].chars().next()))
}

fn object(capability: &Capability) -> String {
    let object = pascal(capability.name);
    let alone = |wanted: fn(&Kind) -> bool| capability.properties.iter().filter(|spec| wanted(&spec.kind)).count() == 1;
    let (one_number, one_choice) = (alone(is_number), alone(is_choice));
    let mut fields = Fields::default();
    for spec in capability.properties {
        let short = spec.short_name();
        let (of, read) = reading(spec.kind);
        fields.add(
            &format!("{}{}", spec.doc, unit(spec.unit)),
            short,
            &format!("Option<{of}>"),
            &format!("part.{read}(&table::{})", row(short)),
        );
        if is_number(&spec.kind) {
            let name = if one_number { "limits".to_owned() } else { format!("{short}_limits") };
            fields.add(
                &format!("What `{short}` takes on this device."),
                &name,
                "Option<NumberLimits>",
                &format!("part.limits(&table::{})", row(short)),
            );
        }
        if is_choice(&spec.kind) {
            let name = if one_choice { "choices".to_owned() } else { format!("{short}_choices") };
            fields.add(
                &format!("The words that `{short}` takes on this device."),
                &name,
                "Option<Vec<String>>",
                &format!("part.choices(&table::{})", row(short)),
            );
        }
    }
    if !capability.actions.is_empty() {
        fields.add(
            "The actions of it that this endpoint offers.",
            "actions",
            "Vec<String>",
            "part.actions(&table::CAPABILITY)",
        );
    }
    if !capability.occurrences.is_empty() {
        fields.add(
            "What of it can happen on this endpoint.",
            "occurrences",
            "Vec<String>",
            "part.occurrences(&table::CAPABILITY)",
        );
    }
    format!(
        "/// {doc}\n#[derive(Debug, SimpleObject)]\npub(crate) struct {object} {{\n{declared}}}\n\n\
         impl {object} {{\n/// As the endpoint offers it, if it does.\n\
         pub(crate) fn of(part: &Part) -> Option<Self> {{\n\
         part.has(&table::CAPABILITY).then(|| Self {{\n{filled}}})\n}}\n}}\n\n",
        doc = capability.doc,
        declared = fields.declared,
        filled = fields.filled,
    )
}

#[derive(Default)]
struct Fields {
    declared: String,
    filled: String,
}

impl Fields {
    fn add(&mut self, doc: &str, name: &str, of: &str, filled: &str) {
        self.declared += &format!("/// {doc}\n{}pub(crate) {name}: {of},\n", renamed(name));
        self.filled += &format!("{name}: {filled},\n");
    }
}

fn input(capability: &Capability) -> String {
    let (mut fields, mut collected) = (String::new(), String::new());
    for spec in settable(capability) {
        let short = spec.short_name();
        let doc = format!("{}{}", spec.doc, takes(spec.kind, spec.unit));
        fields += &format!("/// {doc}\n{}pub(crate) {short}: Option<{}>,\n", renamed(short), taken(spec.kind));
        let value = value(spec.kind);
        collected += &format!(
            "if let Some({short}) = self.{short} {{ set.push((Property::from(&table::{}), {value}({short}))); }}\n",
            row(short),
        );
    }
    if fields.is_empty() {
        return String::new();
    }
    let input = format!("{}Input", pascal(capability.name));
    format!(
        "/// What to set of `{name}`.\n#[derive(Debug, InputObject)]\npub(crate) struct {input} {{\n{fields}}}\n\n\
         impl {input} {{\n/// Adds what is given to a command.\n\
         pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {{\n{collected}}}\n}}\n\n",
        name = capability.name,
    )
}

fn action(capability: &Capability) -> String {
    if capability.actions.is_empty() {
        return String::new();
    }
    let (mut variants, mut arms) = (String::new(), String::new());
    for spec in capability.actions {
        let (short, variant) = (spec.short_name(), pascal(spec.short_name()));
        let plain = spec.parameters.is_empty();
        let (doc, of) = if plain { (" Say `true`.", "bool".to_owned()) } else { ("", told(capability, spec)) };
        variants += &format!("/// {}{doc}\n{variant}({of}),\n", spec.doc);
        let invoke = if plain { "BadAction::unless_true(told, " } else { "Ok(told.invoke(" };
        arms += &format!(
            "Self::{variant}(told) => {invoke}Invoke::plain(&table::{})){},\n",
            row(short),
            if plain { "" } else { ")" }
        );
    }
    let action = format!("{}Action", pascal(capability.name));
    format!(
        "/// What to do with `{name}`: exactly one.\n#[derive(Debug, OneofObject)]\npub(crate) enum {action} {{\n{variants}}}\n\n\
         impl {action} {{\n/// The action and what it is told.\n\
         pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {{\nmatch self {{\n{arms}}}\n}}\n}}\n\n",
        name = capability.name,
    )
}

fn parameters(capability: &Capability) -> String {
    capability
        .actions
        .iter()
        .filter(|spec| !spec.parameters.is_empty())
        .map(|spec| told_input(capability, spec))
        .collect()
}

fn told_input(capability: &Capability, spec: &ActionSpec) -> String {
    let (mut fields, mut filled) = (String::new(), String::new());
    for Parameter { name, kind, unit, required, secret } in spec.parameters {
        let of = taken(*kind);
        let of = if *required { of.to_owned() } else { format!("Option<{of}>") };
        let kept = if *secret { " It is never shown, stored or logged." } else { "" };
        fields += &format!("/// {}{kept}\npub(crate) {name}: {of},\n", parameter_doc(*kind, *unit));
        let value = value(*kind);
        filled += &if *required {
            format!("invoke.arguments.insert({name:?}.into(), {value}(self.{name}));\n")
        } else {
            format!(
                "if let Some({name}) = self.{name} {{ invoke.arguments.insert({name:?}.into(), {value}({name})); }}\n"
            )
        };
    }
    let input = told(capability, spec);
    let derive =
        if spec.parameters.iter().any(|parameter| parameter.secret) { "InputObject" } else { "Debug, InputObject" };
    let debug = if derive == "InputObject" { hidden(&input) } else { String::new() };
    format!(
        "/// What `{name}` may be told.\n#[derive({derive})]\npub(crate) struct {input} {{\n{fields}}}\n\n\
         impl {input} {{\nfn invoke(self, mut invoke: Invoke) -> Invoke {{\n{filled}invoke\n}}\n}}\n\n{debug}",
        name = spec.name,
    )
}

/// A secret must not be printed, whoever prints the input that it came with.
fn hidden(input: &str) -> String {
    format!(
        "impl std::fmt::Debug for {input} {{\nfn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n\
         f.write_str(\"{input}(***)\")\n}}\n}}\n\n"
    )
}

fn told(capability: &Capability, spec: &ActionSpec) -> String {
    format!("{}{}Input", pascal(capability.name), pascal(spec.short_name()))
}

const fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Number(_))
}

const fn is_choice(kind: &Kind) -> bool {
    matches!(kind, Kind::Choice(_))
}

const fn reading(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Bool => ("bool", "bool"),
        Kind::Number(_) => ("f64", "number"),
        Kind::Choice(_) | Kind::Text(_) => ("String", "text"),
        Kind::Color => ("HueSaturation", "color"),
    }
}

const fn taken(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "bool",
        Kind::Number(_) => "f64",
        Kind::Choice(_) | Kind::Text(_) => "String",
        Kind::Color => "HueSaturationInput",
    }
}

const fn value(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool | Kind::Number(_) | Kind::Color => "Value::from",
        Kind::Choice(_) | Kind::Text(_) => "Value::text",
    }
}

fn unit(unit: Unit) -> String {
    if unit.symbol().is_empty() { String::new() } else { format!(" In {}.", unit.symbol()) }
}

fn takes(kind: Kind, of: Unit) -> String {
    match kind {
        Kind::Number(limits) => format!(" {}", span(limits, of)),
        Kind::Choice(words) => format!(" One of {}; a device may take fewer.", words.join(", ")),
        Kind::Bool | Kind::Text(_) | Kind::Color => String::new(),
    }
}

fn parameter_doc(kind: Kind, of: Unit) -> String {
    match kind {
        Kind::Number(limits) => span(limits, of),
        Kind::Choice(words) => format!("One of {}.", words.join(", ")),
        Kind::Bool => "True or false.".into(),
        Kind::Text(longest) => format!("At most {longest} bytes."),
        Kind::Color => "A colour.".into(),
    }
}

fn span(limits: hub_model::Limits, unit: Unit) -> String {
    format!("From {limits} {}", unit.symbol()).trim_end().to_owned() + "; a device may take less."
}
