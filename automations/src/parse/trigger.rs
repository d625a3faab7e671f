//! Reads triggers.

use hub_model::{Occurrence, Property, Value, capability, suggest::did_you_mean};

use super::{condition, fields::Fields, message};
use crate::{
    days::Days,
    rule::{Change, Of, Said, Test, Trigger},
};

/// Reads one `[[when]]`.
pub(super) fn read(fields: &Fields<'_>) -> Option<Trigger> {
    let chief = fields.chief()?;
    if chief != "at" && fields.has("days") {
        fields.fault_at("days", "`days` goes with `at`; to limit other triggers, put `days` under [if]");
    }
    match chief {
        "property" => property(&fields.table("property")?),
        "occurs" => occurs(&fields.table("occurs")?),
        "mqtt" => message::trigger(&fields.table("mqtt")?),
        _ => {
            let days = if fields.has("days") { fields.days("days")? } else { Days::ALL };
            Some(Trigger::Daily { at: fields.clock("at")?, days })
        }
    }
}

fn property(fields: &Fields<'_>) -> Option<Trigger> {
    let (of, held) = (fields.parsed::<Of>("of"), fields.span("held"));
    let change = change(fields);
    let (of, change) = (of?, change?);
    check_change(fields, &of.value.property, &change);
    Some(Trigger::Property { of, change, held })
}

fn change(fields: &Fields<'_>) -> Option<Said<Change>> {
    let is_range = fields.has("above") || fields.has("below");
    let ways = [fields.has("becomes"), fields.has("changes"), is_range].into_iter().filter(|way| *way).count();
    if ways > 1 {
        fields.fault(fields.spot, "a property trigger has one of `becomes`, `changes`, or `above` and `below`");
        return None;
    }
    if fields.has("becomes") {
        return fields.value("becomes").map(|said| said.map(|value| Change::Becomes(Test::Is(value))));
    }
    if fields.has("changes") {
        if fields.flag("changes")? {
            return Some(Said { value: Change::Any, spot: fields.key_spot("changes") });
        }
        fields.fault_at("changes", "`changes = false` would never trigger: write `changes = true`, or take it out");
        return None;
    }
    condition::range(fields).map(|said| said.map(Change::Becomes))
}

fn check_change(fields: &Fields<'_>, property: &Property, change: &Said<Change>) {
    if let Change::Becomes(test) = &change.value {
        condition::check_test(fields, property, test, change.spot);
    }
}

fn occurs(fields: &Fields<'_>) -> Option<Trigger> {
    let of = fields.parsed("of");
    let what = fields.text("what")?;
    let what = Said { value: occurrence(fields, &what)?, spot: what.spot };
    Some(Trigger::Occurs { of: of?, what })
}

/// An occurrence by its whole name, or by its short one where that is the name of only one.
fn occurrence(fields: &Fields<'_>, said: &Said<&str>) -> Option<Occurrence> {
    let short: Vec<_> = capability::occurrences().filter(|spec| spec.short_name() == said.value).collect();
    match short[..] {
        [only] => return Some(only.into()),
        [] => {}
        _ => {
            let names: Vec<_> = short.iter().map(|spec| format!("`{}`", spec.name)).collect();
            fields.fault(said.spot, format!("`{}` can be {}: write which", said.value, names.join(" or ")));
            return None;
        }
    }
    let whole = said.value.parse();
    if whole.is_err() {
        let names = capability::occurrences().flat_map(|spec| [spec.name, spec.short_name()]);
        let shown: String = said.value.chars().take(60).collect();
        fields.fault(said.spot, format!("there is no occurrence `{shown}`{}", did_you_mean(said.value, names)));
    }
    whole.ok()
}

/// Whether a value could be one of this property at all; what a device offers is narrower and is checked with the home.
pub(super) fn fits(property: &Property, value: &Value) -> Result<(), String> {
    property.known().map_or(Ok(()), |spec| {
        hub_model::Shape::from(spec.kind).check(spec.name, value).map_err(|misfit| misfit.to_string())
    })
}
