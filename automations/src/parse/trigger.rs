//! Reads triggers.

use hub_model::{Occurrence, Property, RuleId, Value, capability, suggest::did_you_mean};
use smol_str::SmolStr;

use super::{condition, fields::Fields, message, presence, timing};
use crate::{
    phrase::{self, Phrase},
    rule::{ByWhom, Change, Methods, Of, Said, Selector, Test, Trigger, When, Whereabouts},
};

/// Reads one `[[when]]`.
pub(super) fn read(fields: &Fields<'_>) -> Option<When> {
    let id = fields.text("id").map(|said| SmolStr::from(said.value));
    let trigger = trigger(fields)?;
    Some(When { id, trigger })
}

fn trigger(fields: &Fields<'_>) -> Option<Trigger> {
    match fields.chief()? {
        "property" => property(&fields.table("property")?),
        "occurs" => occurs(&fields.table("occurs")?),
        "holds" => {
            let held = fields.span("held");
            Some(Trigger::Holds { condition: condition::read(&fields.table("holds")?)?, held })
        }
        "reachable" => reachable(&fields.table("reachable")?),
        "battery" => battery(&fields.table("battery")?),
        "presence" => presence::trigger(&fields.table("presence")?),
        "house" => {
            let (held, condition) = (fields.span("held"), presence::house(fields)?);
            Some(Trigger::Holds { condition, held })
        }
        "mqtt" => message::trigger(&fields.table("mqtt")?),
        "scene" => fields.text("scene").map(|said| Trigger::Scene(said.map(SmolStr::from))),
        "rule" => fields.text("rule").map(|said| Trigger::Rule(said.map(|id| RuleId(id.into())))),
        "phrase" => phrases(fields).map(Trigger::Phrase),
        "webhook" => webhook(&fields.table("webhook")?),
        "answer" => fields.text("answer").map(|said| Trigger::Answer(said.value.into())),
        "started" => started(fields),
        chief => timing::read(fields, chief).map(Trigger::Timed),
    }
}

fn reachable(fields: &Fields<'_>) -> Option<Trigger> {
    let (of, is, held) = (fields.several("of"), fields.flag("becomes"), fields.span("held"));
    Some(Trigger::Reachable { of: of?, is: is?, held })
}

/// A battery is low once: until it has been charged by some percent it does not trigger again.
fn battery(fields: &Fields<'_>) -> Option<Trigger> {
    const USUAL: f64 = 15.0;
    const RECOVERED: f64 = 5.0;
    let spot = fields.spot;
    let places = if fields.has("of") {
        fields.several::<Whereabouts>("of")?
    } else {
        vec![Said { value: Whereabouts { selector: Selector::any(), endpoint: None }, spot }]
    };
    let below = if fields.has("below") { fields.number("below")? } else { USUAL };
    if !(1.0..=100.0).contains(&below) {
        fields.fault_at("below", format!("`below` takes 1 to 100 percent, not {below}"));
        return None;
    }
    let level = |place| Of { place, property: (&capability::battery::LEVEL).into() };
    let of = places.into_iter().map(|place| place.map(level)).collect();
    let change = Change::Becomes(Test::Range { above: None, below: Some(below) });
    let change = Said { value: change, spot };
    Some(Trigger::Property { of, from: None, change, by: Vec::new(), held: None, hysteresis: RECOVERED })
}

fn phrases(fields: &Fields<'_>) -> Option<Vec<Phrase>> {
    let mut phrases = Vec::new();
    if fields.is_table("phrase") {
        let by_language = fields.table("phrase")?;
        for language in by_language.languages() {
            let texts = by_language.texts_of(language)?;
            phrases.extend(texts.into_iter().filter_map(|said| phrase_of(fields, &said, Some(language.into()))));
        }
    } else {
        phrases.extend(fields.texts("phrase")?.into_iter().filter_map(|said| phrase_of(fields, &said, None)));
    }
    if phrases.is_empty() {
        fields.fault_at("phrase", "`phrase` is empty: write at least one, such as \"good night\"");
        return None;
    }
    Some(phrases)
}

fn phrase_of(fields: &Fields<'_>, said: &Said<SmolStr>, language: Option<SmolStr>) -> Option<Phrase> {
    let words = phrase::normal(&said.value);
    if words.is_empty() || words.len() > phrase::LONGEST {
        let longest = phrase::LONGEST;
        fields.fault(said.spot, format!("a phrase has at least one letter and at most {longest} bytes"));
        return None;
    }
    Some(Phrase { language, words })
}

fn webhook(fields: &Fields<'_>) -> Option<Trigger> {
    if !fields.has("methods") {
        return Some(Trigger::Webhook(Methods { get: false, post: true, put: false }));
    }
    let methods = fields.word_list("methods")?;
    let has = |wanted: &str| methods.iter().any(|said| said.value == wanted);
    Some(Trigger::Webhook(Methods { get: has("GET"), post: has("POST"), put: has("PUT") }))
}

fn started(fields: &Fields<'_>) -> Option<Trigger> {
    if !fields.flag("started")? {
        fields.fault_at("started", "`started = false` would never trigger: write `started = true`, or take it out");
        return None;
    }
    Some(Trigger::Started)
}

fn property(fields: &Fields<'_>) -> Option<Trigger> {
    let (of, held) = (fields.several::<Of>("of"), fields.span("held"));
    let by = by_whom(fields);
    let from = if fields.has("from") { Some(fields.value("from").map(|said| said.map(Test::Is))) } else { None };
    let change = change(fields);
    let (of, change, by) = (of?, change?, by?);
    let from = from.map_or(Some(None), |from| from.map(Some))?;
    for said in &of {
        check_change(fields, &said.value.property, from.as_ref(), &change);
    }
    check_from(fields, from.as_ref(), &change);
    let hysteresis = hysteresis(fields, &change)?;
    Some(Trigger::Property { of, from, change, by, held, hysteresis })
}

/// By whom; names are held against the home later.
fn by_whom(fields: &Fields<'_>) -> Option<Vec<Said<ByWhom>>> {
    if !fields.has("by") {
        return Some(Vec::new());
    }
    let texts = fields.texts("by")?;
    if texts.is_empty() || texts.iter().any(|said| said.value.trim().is_empty()) {
        fields.wrong_value("by");
        return None;
    }
    Some(texts.into_iter().map(|said| said.map(|text| ByWhom::of(text.trim()))).collect())
}

/// What comes from one value and becomes another can be read; what crosses a bound comes from its other side anyway.
fn check_from(fields: &Fields<'_>, from: Option<&Said<Test>>, change: &Said<Change>) {
    let Some(from) = from else { return };
    match &change.value {
        Change::Becomes(Test::Range { .. }) => {
            fields.fault_at(
                "from",
                "`from` goes with `becomes`, or stands alone; a bound is crossed from its other side",
            );
        }
        Change::Becomes(to) if *to == from.value => {
            fields.fault_at("from", "`from` and `becomes` are the same, so that it would never trigger");
        }
        Change::Becomes(_) | Change::Any => {}
    }
}

fn hysteresis(fields: &Fields<'_>, change: &Said<Change>) -> Option<f64> {
    if !fields.has("hysteresis") {
        return Some(0.0);
    }
    let by = fields.number("hysteresis")?;
    if by < 0.0 {
        fields.fault_at("hysteresis", format!("`hysteresis` takes a number from 0, not {by}"));
    }
    if !matches!(change.value, Change::Becomes(Test::Range { .. })) {
        fields.fault_at("hysteresis", "`hysteresis` goes with `above` or `below`");
    }
    Some(by)
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
    if fields.has("from") && !is_range {
        return Some(Said { value: Change::Any, spot: fields.key_spot("from") });
    }
    condition::range(fields).map(|said| said.map(Change::Becomes))
}

fn check_change(fields: &Fields<'_>, property: &Property, from: Option<&Said<Test>>, change: &Said<Change>) {
    if let Some(from) = from {
        condition::check_test(fields, property, &from.value, from.spot);
    }
    if let Change::Becomes(test) = &change.value {
        condition::check_test(fields, property, test, change.spot);
    }
}

/// Where the mode of the house is.
pub(super) fn mode_of_house(spot: crate::fault::Spot) -> Said<Of> {
    let place = Whereabouts { selector: Selector::any(), endpoint: None };
    Said { value: Of { place, property: (&capability::house::MODE).into() }, spot }
}

fn occurs(fields: &Fields<'_>) -> Option<Trigger> {
    let of = fields.several("of");
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
