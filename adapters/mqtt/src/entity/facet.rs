//! Parts that are made of facets: properties that each have a topic to hear of and a topic to set by, independent of one
//! another. Thermostats, fans, humidifiers and their like are no more than that.

use std::collections::BTreeMap;

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Shape, Unit, Value, capability::PropertySpec};
use smol_str::SmolStr;

use super::{
    About, CommandError, Heard, Message, Part, Sink, Source, Wanted, measure::Conversion, off_on::OffOn, reachable_by,
};
use crate::{
    discovery::{ConfigError, Fields},
    payload::Payload,
    template::Answer,
};

/// How a wire's words and numbers become a property's values, and back.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// Off and on.
    Switch(OffOn),
    /// A number.
    Number(Conversion),
    /// A percentage that the wire counts in whole steps.
    Steps(Steps),
    /// The wire's words, and ours.
    Words(Vec<(SmolStr, SmolStr)>),
    /// Any text up to so many bytes.
    Text(usize),
}

/// The wire's numbers for the least percentage above 0 and for 100 %.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    /// The least number.
    pub(super) least: f64,
    /// The greatest number.
    pub(super) greatest: f64,
    /// What 0 % is sent as, if not as a number.
    pub(super) off: Option<Message>,
}

/// The names of the fields of one facet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) command: &'static str,
    pub(super) command_template: &'static str,
    pub(super) state: &'static str,
    pub(super) state_template: &'static str,
}

/// The names that a facet has for commands and states alike; an empty one stands for none.
pub(super) const fn names(
    command: &'static str,
    command_template: &'static str,
    state: &'static str,
    state_template: &'static str,
) -> Names {
    Names { command, command_template, state, state_template }
}

/// A part made of facets.
#[derive(Debug)]
pub(super) struct Facets {
    kind: EndpointKind,
    offers: Vec<PropertyOffer>,
    /// By slot.
    facets: Vec<(Form, Option<Sink>)>,
    sources: Vec<Source>,
    /// The slot that the source at the same place tells of.
    slots: Vec<usize>,
    actions: Vec<ActionOffer>,
    /// The message for the action at the same place.
    deeds: Vec<(Sink, SmolStr)>,
}

impl Facets {
    pub(super) const fn new(kind: EndpointKind) -> Self {
        Self {
            kind,
            offers: Vec::new(),
            facets: Vec::new(),
            sources: Vec::new(),
            slots: Vec::new(),
            actions: Vec::new(),
            deeds: Vec::new(),
        }
    }

    /// Adds a facet if the configuration names a topic for it.
    pub(super) fn add(
        &mut self,
        fields: &mut Fields<'_>,
        offer: PropertyOffer,
        form: Form,
        names: Names,
    ) -> Result<(), ConfigError> {
        let sink = Sink::parse(fields, names.command, names.command_template)?;
        let mut source = Source::parse(fields, names.state, names.state_template)?;
        // One template for all states is the older way.
        if let Some(source) = source.as_mut().filter(|source| source.template.is_none()) {
            source.template = fields.template("value_template")?;
        }
        self.put(offer, form, source, sink);
        Ok(())
    }

    /// Adds a facet that is only heard of.
    pub(super) fn hear(
        &mut self,
        fields: &mut Fields<'_>,
        spec: &'static PropertySpec,
        form: Form,
        topic: &'static str,
        template: &'static str,
    ) -> Result<(), ConfigError> {
        self.add(fields, PropertyOffer::new(spec), form, names("", "", topic, template))
    }

    /// Adds a facet with topics that were read already.
    pub(super) fn put(&mut self, offer: PropertyOffer, form: Form, source: Option<Source>, sink: Option<Sink>) {
        if source.is_none() && sink.is_none() {
            return;
        }
        self.offers.push(reachable_by(offer, sink.as_ref(), source.as_ref()));
        self.slots.extend(source.iter().map(|_| self.facets.len()));
        self.sources.extend(source);
        self.facets.push((form, sink));
    }

    /// Adds an action.
    pub(super) fn act(&mut self, offer: ActionOffer, sink: &Sink, payload: SmolStr) {
        self.actions.push(offer);
        self.deeds.push((sink.clone(), payload));
    }

    /// Whether there is nothing that it could tell or do.
    pub(super) fn is_empty(&self) -> bool {
        self.offers.is_empty() && self.actions.is_empty()
    }

    /// The part, or the field that is missing to make one.
    pub(super) fn finish(self, missing: &'static str) -> Result<Box<dyn Part>, ConfigError> {
        if self.is_empty() {
            return Err(ConfigError::Missing(missing));
        }
        Ok(Box::new(self))
    }
}

/// A choice of a device's words: the table's row where the table has all of them, else a property of the vendor's.
pub(super) fn choice(
    spec: &'static PropertySpec,
    about: &About,
    name: &str,
    words: &[SmolStr],
) -> (PropertyOffer, Form) {
    let row = PropertyOffer::new(spec);
    let known = |word: &SmolStr| row.check(&Value::text(word.to_lowercase())).is_ok();
    if !words.is_empty() && words.iter().all(known) {
        let pairs: Vec<_> = words.iter().map(|word| (word.clone(), SmolStr::from(word.to_lowercase()))).collect();
        return (row.words(pairs.iter().map(|(_, ours)| ours.clone())), Form::Words(pairs));
    }
    vendor_choice(about, name, words)
}

/// A choice of a device's words that is its vendor's own.
pub(super) fn vendor_choice(about: &About, name: &str, words: &[SmolStr]) -> (PropertyOffer, Form) {
    let offer = PropertyOffer::vendor(&about.vendor, name, Shape::Choice(words.to_vec()), Unit::None);
    (offer, same(words))
}

/// Words that are the same on the wire and here.
pub(super) fn same(words: &[SmolStr]) -> Form {
    Form::Words(words.iter().map(|word| (word.clone(), word.clone())).collect())
}

/// The wire's words and ours, as constants.
pub(super) fn pairs(rows: &[(&'static str, &'static str)]) -> Form {
    let row = |(wire, ours): &(&'static str, &'static str)| (SmolStr::new_static(wire), SmolStr::new_static(ours));
    Form::Words(rows.iter().map(row).collect())
}

/// Off and on by the usual names.
pub(super) fn switch(fields: &Fields<'_>) -> Result<Form, ConfigError> {
    OffOn::parse(fields).map(Form::Switch)
}

impl Form {
    /// The value in an answer; `None` where there is none that the property can have.
    fn value(&self, answer: &Answer<'_>) -> Option<Value> {
        let value = match self {
            Self::Switch(words) => words.told(|payload| answer.is(payload)).map(Value::Bool),
            Self::Number(conversion) => answer.number().map(|number| conversion.apply(number).into()),
            Self::Steps(steps) => answer.number().map(|number| steps.percent(number).into()),
            Self::Words(words) => {
                let exact = words.iter().find(|(wire, _)| answer.is(wire));
                let found = exact.or_else(|| words.iter().find(|(wire, _)| answer.text().eq_ignore_ascii_case(wire)));
                found.map(|(_, ours)| Value::Text(ours.clone()))
            }
            Self::Text(longest) => Some(answer.text()).filter(|text| text.len() <= *longest).map(Value::text),
        };
        value.or_else(|| answer.is_null().then_some(Value::Unknown))
    }

    fn message(&self, sink: &Sink, value: &Value) -> Result<Message, CommandError> {
        let refused = CommandError::NotSettable;
        match self {
            Self::Switch(words) => words.send(sink, value.as_bool().ok_or(refused)?),
            Self::Number(conversion) => sink.send_number(conversion.back(value.as_number().ok_or(refused)?)),
            Self::Steps(steps) => match (value.as_number().ok_or(refused)?, &steps.off) {
                (percent, Some(off)) if percent <= 0.0 => Ok(off.clone()),
                (percent, _) => sink.send_number(steps.wire(percent)),
            },
            Self::Words(words) => {
                let ours = value.as_text().ok_or(CommandError::NotSettable)?;
                let found = words.iter().find(|(_, known)| known == ours);
                sink.send_text(&found.ok_or(refused)?.0)
            }
            Self::Text(_) => sink.send_text(value.as_text().ok_or(refused)?),
        }
    }
}

impl Steps {
    /// Reads the span of a wire's numbers.
    pub(super) fn parse(
        fields: &Fields<'_>,
        least: &'static str,
        greatest: &'static str,
        off: Option<Message>,
    ) -> Result<Self, ConfigError> {
        let steps = Self {
            least: fields.number(least)?.unwrap_or(1.0),
            greatest: fields.number(greatest)?.unwrap_or(100.0),
            off,
        };
        if steps.least > steps.greatest {
            return Err(ConfigError::WrongKind { field: least.into(), wanted: "at most the greatest" });
        }
        Ok(steps)
    }

    const fn count(&self) -> f64 {
        self.greatest - self.least + 1.0
    }

    /// How many % one step is.
    pub(super) fn size(&self) -> f64 {
        100.0 / self.count()
    }

    /// In tenths of %; the number below the least one is 0 %.
    fn percent(&self, wire: f64) -> f64 {
        let percent = (wire - self.least + 1.0) * self.size();
        (percent.clamp(0.0, 100.0) * 10.0).round() / 10.0
    }

    /// Rounded up, so that a little is never nothing; what is a hair above a step is that step.
    fn wire(&self, percent: f64) -> f64 {
        (percent / self.size() - 0.01).ceil().max(0.0) + self.least - 1.0
    }
}

impl Part for Facets {
    fn kind(&self) -> EndpointKind {
        self.kind
    }
    fn offers(&self) -> &[PropertyOffer] {
        &self.offers
    }
    fn actions(&self) -> &[ActionOffer] {
        &self.actions
    }
    fn sources(&self) -> &[Source] {
        &self.sources
    }
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let (answer, slot) = (self.sources[source].answer(payload), self.slots[source]);
        if answer.is_nothing() {
            return;
        }
        let value = self.facets[slot].0.value(&answer);
        heard.push(value.map_or_else(|| Heard::strange(&answer), |value| Heard::Reading(slot, value)));
    }
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let messages = wanted.values.iter().filter_map(|(slot, value)| {
            let (form, sink) = self.facets.get(*slot)?;
            Some(sink.as_ref().ok_or(CommandError::NotSettable).and_then(|sink| form.message(sink, value)))
        });
        messages.collect()
    }
    fn invoke(&self, action: usize, _arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        let (sink, payload) = self.deeds.get(action).ok_or(CommandError::NotSettable)?;
        Ok(vec![sink.send_text(payload)?])
    }
}
