//! From the entities of one physical thing to one device: which endpoint each stands at, and under which name.
//!
//! Pure, and a function of the set of entities alone: in whatever order their configurations came, and after every
//! restart, the same entities make the same device.

mod endpoints;
mod twins;

use std::collections::BTreeMap;

use hub_model::{
    Action, Endpoint, EndpointId, EndpointKind, Found, Occurrence, Product, Property, PropertyOffer, capability,
};
use smol_str::SmolStr;

use crate::{
    discovery::{Category, Entity, Mark},
    entity::Gesture,
};

/// A device, and where everything of its entities stands in it.
#[derive(Debug)]
pub(crate) struct Composed {
    /// The device as the hub shall know it.
    pub(crate) found: Found,
    /// Where the entity at the same place stands.
    pub(crate) placements: Vec<Placement>,
}

/// Where the slots of one entity stand. `None` for a slot that had to give way to another entity's.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Placement {
    /// By property slot.
    pub(crate) properties: Vec<Option<(EndpointId, Property)>>,
    /// By action slot.
    pub(crate) actions: Vec<Option<(EndpointId, Action)>>,
    /// By gesture.
    pub(crate) gestures: Vec<Option<(EndpointId, Occurrence)>>,
}

/// Puts a device together out of its entities, which come sorted by their discovery topics.
pub(crate) fn compose(entities: &[&Entity]) -> Composed {
    let twins = twins::find(entities);
    let homes = endpoints::assign(entities, &twins);
    let mut builder = Builder::default();
    let mut placements: Vec<Placement> = entities.iter().map(|entity| Placement::sized(entity)).collect();
    // What has a row in the table comes first, then what stands alone, then the rest; so that a light's list of
    // effects gives way to an entity of its own for them.
    let passes: [fn(&Entity, &PropertyOffer) -> bool; 3] = [
        |_, offer| offer.property.known().is_some(),
        |entity, offer| offer.property.known().is_none() && entity.part.offers().len() == 1,
        |entity, offer| offer.property.known().is_none() && entity.part.offers().len() > 1,
    ];
    for wanted in passes {
        for (at, (entity, home)) in entities.iter().zip(&homes).enumerate().filter(|(at, _)| twins[*at].is_none()) {
            let placement = &mut placements[at];
            for (slot, offer) in entity.part.offers().iter().enumerate().filter(|(_, offer)| wanted(entity, offer)) {
                placement.properties[slot] = builder.property(entity, home, offer);
            }
        }
    }
    for (at, (entity, home)) in entities.iter().zip(&homes).enumerate().filter(|(at, _)| twins[*at].is_none()) {
        builder.rest(entity, home, &mut placements[at]);
    }
    // An event entity tells all gestures, a trigger one of them: where a device has both, one press comes by both ways
    // and is to count once.
    let mut by_richness: Vec<usize> = (0..entities.len()).collect();
    by_richness.sort_by_key(|at| std::cmp::Reverse(entities[*at].part.gestures().len()));
    for at in by_richness {
        builder.gestures(entities[at], &homes[at], &mut placements[at]);
    }
    Composed { found: builder.finish(entities), placements }
}

impl Placement {
    fn sized(entity: &Entity) -> Self {
        Self {
            properties: vec![None; entity.part.offers().len()],
            actions: vec![None; entity.part.actions().len()],
            gestures: vec![None; entity.part.gestures().len()],
        }
    }
}

/// The endpoints as they grow.
#[derive(Default)]
struct Builder {
    endpoints: BTreeMap<EndpointId, Endpoint>,
    /// The name for people of the first main entity at each endpoint.
    names: BTreeMap<EndpointId, SmolStr>,
}

impl Builder {
    fn endpoint(&mut self, id: &EndpointId) -> &mut Endpoint {
        self.endpoints.entry(id.clone()).or_insert_with(|| Endpoint::new(id.clone(), EndpointKind::Other))
    }

    fn property(
        &mut self,
        entity: &Entity,
        home: &EndpointId,
        offer: &PropertyOffer,
    ) -> Option<(EndpointId, Property)> {
        let mut offer = offer.clone();
        if offer.property == Property::vendor(&entity.device.vendor, &entity.label) {
            offer.property = Property::vendor(&entity.device.vendor, endpoints::without(&entity.label, home));
        }
        let property = offer.property.clone();
        let known = property.known().is_some();
        let mut home = home.clone();
        if self.has(&home, &property) {
            // A setting that two entities give is the same setting; something of the table is another one.
            home = known.then(|| self.next_without(&property))?;
        }
        let endpoint = self.endpoint(&home);
        endpoint.properties.push(offer);
        if entity.category == Category::Primary || known {
            endpoint.kind = main_kind(endpoint.kind, entity.part.kind());
        }
        Some((home, property))
    }

    fn has(&self, id: &EndpointId, property: &Property) -> bool {
        self.endpoints.get(id).is_some_and(|endpoint| endpoint.offer(property).is_some())
    }

    fn next_without(&self, property: &Property) -> EndpointId {
        let mut ids = (2..u16::MAX).map(EndpointId::from);
        ids.find(|id| !self.has(id, property)).unwrap_or_else(EndpointId::first)
    }

    /// Actions and the name.
    fn rest(&mut self, entity: &Entity, home: &EndpointId, placement: &mut Placement) {
        for (slot, offer) in entity.part.actions().iter().enumerate() {
            let endpoint = self.endpoint(home);
            if endpoint.action(&offer.action).is_none() {
                endpoint.actions.push(offer.clone());
                placement.actions[slot] = Some((home.clone(), offer.action.clone()));
            }
        }
        if let (Category::Primary, Some(name)) = (entity.category, &entity.name) {
            self.names.entry(home.clone()).or_insert_with(|| name.clone());
        }
    }

    fn gestures(&mut self, entity: &Entity, home: &EndpointId, placement: &mut Placement) {
        for (slot, Gesture { occurrence, button }) in entity.part.gestures().iter().enumerate() {
            let id = button.as_deref().and_then(endpoints::id_of).unwrap_or_else(|| home.clone());
            let endpoint = self.endpoint(&id);
            endpoint.kind = main_kind(endpoint.kind, entity.part.kind());
            if !endpoint.occurrences.contains(occurrence) {
                endpoint.occurrences.push(occurrence.clone());
                placement.gestures[slot] = Some((id, occurrence.clone()));
            }
        }
    }

    fn finish(mut self, entities: &[&Entity]) -> Found {
        let several = self.endpoints.len() > 1;
        let product = product(entities);
        for (id, endpoint) in &mut self.endpoints {
            endpoint.properties.sort_by_cached_key(|offer| (table_place(&offer.property), offer.property.clone()));
            endpoint.name = self.names.get(id).filter(|_| several).cloned();
            if endpoint.kind == EndpointKind::Switch && is_plug(endpoint, &product) {
                endpoint.kind = EndpointKind::Plug;
            }
        }
        let mut endpoints: Vec<Endpoint> = self.endpoints.into_values().collect();
        // The first endpoint says what the device is; a stable sort keeps the order of names within a rank.
        endpoints.sort_by_key(|endpoint| rank(endpoint.kind));
        let of_device = |pick: fn(&Entity) -> Option<&SmolStr>| entities.iter().find_map(|entity| pick(entity));
        let name = of_device(|entity| entity.device.name.as_ref())
            .or_else(|| of_device(|entity| entity.name.as_ref()))
            .or_else(|| of_device(|entity| Some(&entity.label)));
        Found {
            name: name.map(ToString::to_string).unwrap_or_default(),
            room: of_device(|entity| entity.device.room.as_ref()).map(ToString::to_string),
            product,
            endpoints,
        }
    }
}

/// The table's own order, which screens follow; what stands not in it comes last.
fn table_place(property: &Property) -> usize {
    let known = property.known().and_then(|spec| capability::properties().position(|row| std::ptr::eq(row, spec)));
    known.unwrap_or(usize::MAX)
}

/// Two properties that only a metered plug has together, or a model that says so.
fn is_plug(endpoint: &Endpoint, product: &Product) -> bool {
    let measures = |name: &str| endpoint.properties.iter().any(|offer| offer.property.as_str() == name);
    let model = product.model.as_deref().unwrap_or_default().to_ascii_lowercase();
    let named = ["plug", "socket", "outlet"].iter().any(|word| model.contains(word));
    named || measures("power.watts") && measures("energy.consumed")
}

/// The less, the more it says what a device is.
fn rank(kind: EndpointKind) -> u8 {
    match kind {
        EndpointKind::Lock => 0,
        EndpointKind::Garage | EndpointKind::Blind | EndpointKind::Curtain => 1,
        EndpointKind::Light
        | EndpointKind::Thermostat
        | EndpointKind::Fan
        | EndpointKind::Humidifier
        | EndpointKind::Valve
        | EndpointKind::Vacuum
        | EndpointKind::Alarm
        | EndpointKind::Appliance => 2,
        EndpointKind::Plug | EndpointKind::Switch => 3,
        EndpointKind::Button => 5,
        EndpointKind::Sensor => 6,
        EndpointKind::Other => 7,
        _ => 4,
    }
}

fn main_kind(one: EndpointKind, other: EndpointKind) -> EndpointKind {
    if rank(other) < rank(one) { other } else { one }
}

/// What the entities say of their device: the first word on each matter.
fn product(entities: &[&Entity]) -> Product {
    let first = |pick: fn(&Product) -> &Option<SmolStr>| {
        entities.iter().find_map(|entity| pick(&entity.device.product).clone())
    };
    let marks = || entities.iter().flat_map(|entity| &entity.device.marks);
    Product {
        vendor: first(|product| &product.vendor),
        model: first(|product| &product.model),
        firmware: first(|product| &product.firmware),
        serial: first(|product| &product.serial).or_else(|| marks().find_map(Mark::hardware_address)),
    }
}

#[cfg(test)]
mod tests;
