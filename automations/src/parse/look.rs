//! Reads the conditions that look at one thing each.

use hub_model::{Handle, Property, RuleId, Shape, Value, capability::variable};
use smol_str::SmolStr;

use super::{
    condition::{check_test, range, test},
    fields::Fields,
};
use crate::{
    rule::{Condition, Of, Relation, Said, Selector, SunStands, Test, Whereabouts},
    sun::SunPhase,
};

pub(super) fn sun(fields: &Fields<'_>) -> Option<Condition> {
    let spot = fields.key_spot("sun");
    if fields.is_table("sun") {
        let Test::Range { above, below } = range(&fields.table("sun")?)?.value else { return None };
        return Some(Condition::Sun(Said { value: SunStands::Elevation { above, below }, spot }));
    }
    let said = fields.text("sun")?;
    let phase = SunPhase::ALL.into_iter().find(|(_, word)| *word == said.value);
    if phase.is_none() {
        let words = SunPhase::ALL.map(|(_, word)| word);
        let hint = hub_model::suggest::did_you_mean(said.value, words);
        let shown: String = said.value.chars().take(60).collect();
        let wanted = words.join(", ");
        fields.fault(
            said.spot,
            format!("`sun` takes one of {wanted}, or {{ above = -6 }} in degrees, not {shown:?}{hint}"),
        );
    }
    phase.map(|(phase, _)| Condition::Sun(Said { value: SunStands::Phase(phase), spot }))
}

pub(super) fn reachable(fields: &Fields<'_>) -> Option<Condition> {
    let every = fields.has("all_of");
    let (of, is) = (fields.several(if every { "all_of" } else { "of" }), fields.flag("is"));
    Some(Condition::Reachable { of: of?, every, is: is? })
}

pub(super) fn variable(fields: &Fields<'_>) -> Option<Condition> {
    let (handle, held, test) = (fields.parsed::<Handle>("name"), fields.span("held"), test(fields));
    let (handle, test) = (handle?, test?);
    let property = match &test.value {
        Test::Is(value) => variable_of(value),
        Test::Range { .. } => Some((&variable::NUMBER).into()),
    };
    let Some(property) = property else {
        fields.fault(test.spot, "a variable is true or false, a number or a text");
        return None;
    };
    let of = vec![handle.map(|handle| of_handle(handle, property))];
    Some(Condition::Property { of, every: false, test, held })
}

/// The property of a variable that takes a value.
pub(super) fn variable_of(value: &Value) -> Option<Property> {
    match value {
        Value::Bool(_) => Some((&variable::FLAG).into()),
        Value::Number(_) => Some((&variable::NUMBER).into()),
        Value::Text(_) => Some((&variable::TEXT).into()),
        Value::Unknown | Value::Color(_) => None,
    }
}

fn of_handle(handle: Handle, property: Property) -> Of {
    Of { place: Whereabouts { selector: Selector::of(handle), endpoint: None }, property }
}

pub(super) fn trigger(fields: &Fields<'_>) -> Option<Condition> {
    let ids = fields.texts("trigger")?;
    if ids.is_empty() {
        fields.fault_at("trigger", "`trigger` is empty: write the `id` of at least one trigger");
        return None;
    }
    Some(Condition::Trigger(ids))
}

pub(super) fn last_run(fields: &Fields<'_>) -> Option<Condition> {
    let rule = fields.text("rule").map(|said| said.map(|id| RuleId(id.into())));
    Some(Condition::NotRunWithin { rule, span: fields.span("not_within")? })
}

pub(super) fn compare(fields: &Fields<'_>) -> Option<Condition> {
    let relation = if fields.has("above") { Relation::Above } else { Relation::Below };
    let key = if relation == Relation::Above { "above" } else { "below" };
    let (of, to) = (fields.parsed::<Of>("of"), fields.parsed::<Of>(key));
    let by = if fields.has("by") { fields.number("by")? } else { 0.0 };
    let (of, to) = (of?, to?);
    for said in [&of, &to] {
        must_be_number(fields, said);
    }
    Some(Condition::Compare { of, relation, to, by })
}

pub(super) fn mean(fields: &Fields<'_>) -> Option<Condition> {
    const LONGEST: u64 = 24 * 3600;
    let (of, over, test) = (fields.several::<Of>("of"), fields.span("over"), range(fields));
    let (of, over, test) = (of?, over?, test?);
    if over.as_secs() > LONGEST {
        fields.fault_at("over", "a mean goes over a day at most");
    }
    for said in &of {
        must_be_number(fields, said);
        check_test(fields, &said.value.property, &test.value, test.spot);
    }
    Some(Condition::Mean { of, over, test })
}

fn must_be_number(fields: &Fields<'_>, of: &Said<Of>) {
    let property = &of.value.property;
    if property.known().is_some_and(|spec| !matches!(Shape::from(spec.kind), Shape::Number(_))) {
        fields.fault(of.spot, format!("{property} is no number"));
    }
}

pub(super) fn body(fields: &Fields<'_>) -> Option<Condition> {
    let at = if fields.has("field") { SmolStr::from(fields.text("field")?.value) } else { SmolStr::default() };
    Some(Condition::Body { at, test: test(fields)?.value })
}

pub(super) fn calendar(fields: &Fields<'_>) -> Option<Condition> {
    if !fields.is_table("calendar") {
        return fields
            .text("calendar")
            .map(|said| Condition::Calendar { calendar: said.map(SmolStr::from), title: None });
    }
    let table = fields.table("calendar")?;
    let title = table.text("title").map(|said| said.value.into());
    Some(Condition::Calendar { calendar: table.text("name")?.map(SmolStr::from), title })
}
