//! Reads conditions.

use hub_model::{Property, Shape, Value};

use super::{fields::Fields, look, presence, trigger::fits};
use crate::{
    fault::Spot,
    rule::{Condition, Of, Said, Test, Whereabouts},
};

/// Reads one condition: all that its keys say has to hold.
pub(super) fn read(fields: &Fields<'_>) -> Option<Condition> {
    // All are read before the first that fails ends it, so that all mistakes are told.
    let parts: Vec<_> = fields.chiefs().map(|chief| part(fields, chief)).collect();
    let mut parts: Vec<_> = parts.into_iter().collect::<Option<_>>()?;
    if parts.is_empty() && (fields.has("any_of") || fields.has("all_of")) {
        return of_several(fields);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) })
}

fn part(fields: &Fields<'_>, chief: &'static str) -> Option<Condition> {
    match chief {
        "all" => list(fields, "all").map(Condition::All),
        "any" => list(fields, "any").map(Condition::Any),
        "not" => read(&fields.table("not")?).map(|inner| Condition::Not(Box::new(inner))),
        "property" if fields.has("any_of") || fields.has("all_of") => of_several(fields),
        "property" => property(&fields.table("property")?),
        "between" => fields.clocks("between").map(|(from, to)| Condition::Between(from, to)),
        "days" => fields.days("days").map(Condition::Days),
        "dates" => fields.dates("dates").map(|(from, to)| Condition::Dates(from, to)),
        "sun" => look::sun(fields),
        "reachable" => look::reachable(&fields.table("reachable")?),
        "presence" => presence::condition(&fields.table("presence")?),
        "house" => presence::house(fields),
        "variable" => look::variable(&fields.table("variable")?),
        "trigger" => look::trigger(fields),
        "last_run" => look::last_run(&fields.table("last_run")?),
        "compare" => look::compare(&fields.table("compare")?),
        "mean" => look::mean(&fields.table("mean")?),
        "body" => look::body(&fields.table("body")?),
        _ => look::calendar(fields),
    }
}

fn list(fields: &Fields<'_>, name: &'static str) -> Option<Vec<Condition>> {
    let list = fields.list(name);
    if fields.is_empty_list(name) {
        fields.fault_at(name, format!("`{name}` is empty: write at least one condition, or take it out"));
    }
    list.iter().map(read).collect()
}

/// `{ property = { of = ..., is = ... } }`
fn property(fields: &Fields<'_>) -> Option<Condition> {
    let (of, held) = (fields.several::<Of>("of"), fields.span("held"));
    let test = test(fields);
    let (of, test) = (of?, test?);
    for said in &of {
        check_test(fields, &said.value.property, &test.value, test.spot);
    }
    Some(Condition::Property { of, every: false, test, held })
}

/// `{ any_of = "kind:window", property = "contact.open", is = true }`
fn of_several(fields: &Fields<'_>) -> Option<Condition> {
    let every = fields.has("all_of");
    if every && fields.has("any_of") {
        fields.fault_at("all_of", "a condition has either `any_of` or `all_of`");
    }
    let places = fields.several::<Whereabouts>(if every { "all_of" } else { "any_of" });
    if !fields.has("property") {
        fields.fault(
            fields.spot,
            "`any_of` and `all_of` need `property` beside them, such as property = \"contact.open\"",
        );
        return None;
    }
    let (property, held, test) = (fields.parsed::<Property>("property"), fields.span("held"), test(fields));
    let (places, property, test) = (places?, property?, test?);
    check_test(fields, &property.value, &test.value, test.spot);
    let of = |place| Of { place, property: property.value.clone() };
    let of = places.into_iter().map(|place| place.map(of)).collect();
    Some(Condition::Property { of, every, test, held })
}

/// `is`, or else `above` and `below`.
pub(super) fn test(fields: &Fields<'_>) -> Option<Said<Test>> {
    if !fields.has("is") {
        return range(fields);
    }
    if fields.has("above") || fields.has("below") {
        fields.fault_at("is", "`is` stands alone, without `above` and `below`");
    }
    fields.value("is").map(|said| said.map(Test::Is))
}

/// `above` and `below`, of which at least one has to be there.
pub(super) fn range(fields: &Fields<'_>) -> Option<Said<Test>> {
    let bound = |name| fields.has(name).then(|| fields.number(name)).map_or(Some(None), |number| number.map(Some));
    let (above, below) = (bound("above"), bound("below"));
    let (above, below) = (above?, below?);
    match (above, below) {
        (None, None) => {
            let chiefs = "`is`, `above` or `below`";
            if fields.has("any_of") || fields.has("all_of") {
                fields.fault(fields.spot, format!("a condition on several devices needs {chiefs}"));
            }
            return None;
        }
        (Some(above), Some(below)) if above >= below => {
            let message =
                format!("no number is above {above} and below {below} at once; for either of them, write two");
            fields.fault_at("below", message);
        }
        _ => {}
    }
    let spot = fields.key_spot(if above.is_some() { "above" } else { "below" });
    Some(Said { value: Test::Range { above, below }, spot })
}

/// Notes a test that can hold of no value of the property.
pub(super) fn check_test(fields: &Fields<'_>, property: &Property, test: &Test, spot: Spot) {
    match test {
        Test::Is(value) => {
            if let Err(misfit) = fits(property, value) {
                fields.fault(spot, misfit);
            }
        }
        Test::Range { above, below } => {
            let is_number = property.known().is_none_or(|spec| matches!(Shape::from(spec.kind), Shape::Number(_)));
            if !is_number {
                fields.fault(
                    spot,
                    format!("`above` and `below` go with numbers, and {property} is none: use `is` or `becomes`"),
                );
                return;
            }
            // A bound may be the very end of the span, but beyond it nothing is.
            for bound in [above, below].into_iter().flatten() {
                if let Err(misfit) = fits(property, &Value::Number(*bound)) {
                    fields.fault(spot, misfit);
                }
            }
        }
    }
}
