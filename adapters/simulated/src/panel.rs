//! What a device shows of itself: its values, and which of them it reports when. It knows no physics.

use hub_model::{
    EndpointId, Found, Property, Said, Unit, Value,
    capability::{OccurrenceSpec, PropertySpec},
};

use crate::moment::Moment;

/// The values of a device and what it told of them.
#[derive(Debug)]
pub(crate) struct Panel {
    slots: Vec<Slot>,
    occurred: Vec<(u16, &'static OccurrenceSpec)>,
    /// When it next reports everything, changed or not.
    beat: Moment,
    /// How long it is from one such report to the next, in s.
    every: f64,
}

#[derive(Debug)]
struct Slot {
    endpoint: u16,
    property: &'static PropertySpec,
    value: Value,
    told: Value,
    told_at: Moment,
    urgent: bool,
}

/// How finely a device measures and how eagerly it reports.
struct Grain {
    /// Its numbers are so many parts of a unit.
    parts: f64,
    /// A change worth a report, in the unit; and as a share of the value, whichever is more.
    change: (f64, f64),
    /// The least s from one report to the next.
    gap: f64,
}

impl Panel {
    /// The panel of a device as described. Values are unknown until its body puts them; offers of vendors' own
    /// properties have no place here.
    pub(crate) fn new(found: &Found, beat: Moment, every: f64) -> Self {
        let slots = found.endpoints.iter().flat_map(|endpoint| {
            let number = number_of(&endpoint.id);
            endpoint.properties.iter().filter_map(move |offer| {
                let property = offer.property.known()?;
                Some(Slot {
                    endpoint: number?,
                    property,
                    value: Value::Unknown,
                    told: Value::Unknown,
                    told_at: beat,
                    urgent: true,
                })
            })
        });
        Self { slots: slots.collect(), occurred: Vec::new(), beat, every }
    }

    /// Puts a value; it is reported when it differs enough from what was last told.
    pub(crate) fn put(&mut self, endpoint: u16, property: &'static PropertySpec, value: impl Into<Value>) {
        if let Some(slot) = self.slot_mut(endpoint, property) {
            slot.value = match value.into() {
                Value::Number(number) => rounded(number, grain(property).parts).into(),
                other => other,
            };
        }
    }

    /// Puts a value that is reported at once, changed or not, as after a command.
    pub(crate) fn tell(&mut self, endpoint: u16, property: &'static PropertySpec, value: impl Into<Value>) {
        self.put(endpoint, property, value);
        if let Some(slot) = self.slot_mut(endpoint, property) {
            slot.urgent = true;
        }
    }

    /// Lets something happen.
    pub(crate) fn happen(&mut self, endpoint: u16, occurrence: &'static OccurrenceSpec) {
        self.occurred.push((endpoint, occurrence));
    }

    /// The value of a property; unknown where the device has no such one.
    pub(crate) fn value(&self, endpoint: u16, property: &'static PropertySpec) -> &Value {
        self.slot(endpoint, property).map_or(&Value::Unknown, |slot| &slot.value)
    }

    /// Whether a property is true.
    pub(crate) fn is(&self, endpoint: u16, property: &'static PropertySpec) -> bool {
        self.value(endpoint, property).as_bool().unwrap_or(false)
    }

    /// A property's number, 0 where it has none.
    pub(crate) fn number(&self, endpoint: u16, property: &'static PropertySpec) -> f64 {
        self.value(endpoint, property).as_number().unwrap_or(0.0)
    }

    /// A property's word.
    pub(crate) fn word(&self, endpoint: u16, property: &'static PropertySpec) -> &str {
        self.value(endpoint, property).as_text().unwrap_or("")
    }

    /// Whether the device has this property.
    pub(crate) fn has(&self, endpoint: u16, property: &Property) -> bool {
        property.known().is_some_and(|known| self.slot(endpoint, known).is_some())
    }

    /// Everything shall be reported next time, as after an absence.
    pub(crate) fn tell_all(&mut self) {
        self.slots.iter_mut().for_each(|slot| slot.urgent = true);
    }

    /// Forgets what happened while nobody could hear it.
    pub(crate) fn forget_occurrences(&mut self) {
        self.occurred.clear();
    }

    /// What the device reports now.
    pub(crate) fn due(&mut self, now: Moment) -> Vec<Said> {
        let beats = now >= self.beat;
        if beats {
            self.beat = now.after(self.every);
        }
        let mut readings = Vec::new();
        for slot in &mut self.slots {
            if slot.value != Value::Unknown && (beats || slot.urgent || slot.is_worth_a_report(now)) {
                readings.push((EndpointId::from(slot.endpoint), Property::from(slot.property), slot.value.clone()));
                (slot.told, slot.told_at, slot.urgent) = (slot.value.clone(), now, false);
            }
        }
        let mut said: Vec<Said> = Vec::new();
        if !readings.is_empty() {
            said.push(Said::Read(readings));
        }
        let occurred = self.occurred.drain(..);
        said.extend(occurred.map(|(endpoint, what)| Said::Occurred(endpoint.into(), what.into())));
        said
    }

    /// When everything is reported next.
    pub(crate) fn beat(&self) -> Moment {
        self.beat
    }

    fn slot(&self, endpoint: u16, property: &'static PropertySpec) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.endpoint == endpoint && std::ptr::eq(slot.property, property))
    }

    fn slot_mut(&mut self, endpoint: u16, property: &'static PropertySpec) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.endpoint == endpoint && std::ptr::eq(slot.property, property))
    }
}

impl Slot {
    fn is_worth_a_report(&self, now: Moment) -> bool {
        match (&self.value, &self.told) {
            (Value::Number(value), Value::Number(told)) => {
                let Grain { change: (least, share), gap, .. } = grain(self.property);
                let change = (value - told).abs();
                change > 0.0 && change >= least.max(share * told.abs()) && now.since(self.told_at) >= gap
            }
            (value, told) => value != told,
        }
    }
}

/// The number of an endpoint; every endpoint here has one.
pub(crate) fn number_of(endpoint: &EndpointId) -> Option<u16> {
    endpoint.as_str().parse().ok()
}

fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}

fn grain(property: &PropertySpec) -> Grain {
    let (parts, least, share, gap) = match property.unit {
        Unit::Celsius => (10.0, 0.2, 0.0, 20.0),
        Unit::Lux => (1.0, 2.0, 0.25, 20.0),
        Unit::Hectopascal => (10.0, 0.5, 0.0, 60.0),
        Unit::UvIndex | Unit::MillimetrePerHour => (10.0, 0.3, 0.0, 60.0),
        Unit::Millimetre => (10.0, 0.2, 0.0, 60.0),
        Unit::PartsPerMillion => (1.0, 30.0, 0.0, 30.0),
        Unit::MicrogramPerCubicMetre => (10.0, 1.0, 0.1, 30.0),
        Unit::Watt => (10.0, 3.0, 0.05, 2.0),
        Unit::KilowattHour => (1000.0, 0.01, 0.0, 60.0),
        Unit::Volt => (10.0, 2.0, 0.0, 60.0),
        Unit::Ampere => (100.0, 0.2, 0.1, 10.0),
        Unit::Decibel => (1.0, 4.0, 0.0, 30.0),
        Unit::Second => (1.0, 60.0, 0.0, 0.5),
        Unit::Percent if !is_measured(property) => (10.0, 0.1, 0.0, 0.5),
        Unit::Percent => (10.0, 1.0, 0.0, 30.0),
        _ => (10.0, 1.0, 0.0, 30.0),
    };
    Grain { parts, change: (least, share), gap }
}

/// A number that is measured wavers; one that is set, or counts, does not.
fn is_measured(property: &PropertySpec) -> bool {
    property.access == hub_model::capability::Access::Read
}
