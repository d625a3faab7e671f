//! How a device is described: what the hub is told of it, and what makes it live.

use std::time::Duration;

use hub_model::{
    ActionOffer, DeviceKey, Endpoint, EndpointId, EndpointKind, Found, Occurrence, Product, PropertyOffer,
    capability::{ActionSpec, OccurrenceSpec, battery, firmware},
    handle::slug,
};

use crate::{
    device::{
        Body, Device,
        supply::{Battery, Update},
    },
    house::{House, Room},
    moment::Moment,
    panel::Panel,
    radio::{Radio, RadioKind},
};

/// A device before it is put in the house.
pub(crate) struct Blueprint {
    key: DeviceKey,
    found: Found,
    body: Box<dyn Body>,
    radio: RadioKind,
    battery: Option<Battery>,
    update: Option<Update>,
    /// s between its reports of everything.
    beat: f64,
    plain: bool,
}

impl Blueprint {
    /// A device with one endpoint. Its key is its name as a slug, so that it is the same in every run.
    pub(crate) fn new(name: &str, room: Room, kind: EndpointKind, body: impl Body + 'static) -> Self {
        Self {
            key: DeviceKey::new(slug(name)),
            found: Found {
                name: name.into(),
                room: Some(room.name().into()),
                product: Product { vendor: Some("Hearth".into()), ..Product::default() },
                endpoints: vec![Endpoint::new(EndpointId::first(), kind)],
            },
            body: Box::new(body),
            radio: RadioKind::Usual,
            battery: None,
            update: None,
            beat: 300.0,
            plain: false,
        }
    }

    /// The same model for all of its kind.
    pub(crate) fn model(mut self, model: &'static str) -> Self {
        self.found.product.model = Some(model.into());
        self
    }

    /// Gives the last endpoint these properties.
    pub(crate) fn offers(mut self, offers: impl IntoIterator<Item = PropertyOffer>) -> Self {
        self.last().properties.extend(offers);
        self
    }

    /// Gives the last endpoint these actions.
    pub(crate) fn actions(mut self, actions: impl IntoIterator<Item = &'static ActionSpec>) -> Self {
        self.last().actions.extend(actions.into_iter().map(ActionOffer::new));
        self
    }

    /// Gives the last endpoint these actions, which may take so long.
    pub(crate) fn actions_within(
        mut self,
        actions: impl IntoIterator<Item = &'static ActionSpec>,
        deadline: Duration,
    ) -> Self {
        let offers = actions.into_iter().map(|action| ActionOffer::new(action).within_time(deadline));
        self.last().actions.extend(offers);
        self
    }

    /// Changes what is told of it.
    pub(crate) fn described(mut self, change: impl FnOnce(&mut Found)) -> Self {
        change(&mut self.found);
        self
    }

    /// Gives the last endpoint these occurrences.
    pub(crate) fn occurrences(mut self, what: impl IntoIterator<Item = &'static OccurrenceSpec>) -> Self {
        self.last().occurrences.extend(what.into_iter().map(Occurrence::from));
        self
    }

    /// Names the last endpoint.
    pub(crate) fn called(mut self, name: &'static str) -> Self {
        self.last().name = Some(name.into());
        self
    }

    /// Begins another endpoint, numbered on.
    pub(crate) fn endpoint(mut self, kind: EndpointKind) -> Self {
        let number = u16::try_from(self.found.endpoints.len() + 1).expect("a device has few endpoints");
        self.found.endpoints.push(Endpoint::new(number.into(), kind));
        self
    }

    /// Runs it on a battery that loses so many % a day.
    pub(crate) fn battery(mut self, level: f64, per_day: f64) -> Self {
        self.battery = Some(Battery::new(level, per_day));
        self.first().properties.extend([PropertyOffer::new(&battery::LEVEL), PropertyOffer::new(&battery::LOW)]);
        self
    }

    /// Lets its program be updated.
    pub(crate) fn updatable(mut self, installed: &'static str, latest: &'static str) -> Self {
        self.update = Some(Update::new(installed, latest));
        self.found.product.firmware = Some(installed.into());
        let rows = [&firmware::INSTALLED, &firmware::LATEST, &firmware::AVAILABLE, &firmware::PROGRESS];
        let first = self.first();
        first.properties.extend(rows.map(PropertyOffer::new));
        first.actions.push(ActionOffer::new(&firmware::UPDATE));
        self
    }

    /// Gives it another radio.
    pub(crate) fn radio(mut self, radio: RadioKind) -> Self {
        self.radio = radio;
        self
    }

    /// Lets it report everything only every so many seconds.
    pub(crate) const fn beats_every(mut self, seconds: f64) -> Self {
        self.beat = seconds;
        self
    }

    /// Lets it live only when it reports, or somebody asks.
    pub(crate) const fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Makes it a device that hears and never speaks, and says so in its offers.
    pub(crate) fn silent(mut self) -> Self {
        self.radio = RadioKind::Silent;
        self.found
            .endpoints
            .iter_mut()
            .flat_map(|endpoint| &mut endpoint.properties)
            .for_each(|offer| offer.reports = false);
        self
    }

    /// The key.
    pub(crate) const fn key(&self) -> &DeviceKey {
        &self.key
    }

    /// Puts it in the house; its reports of everything begin after `stagger` (0 to 1) of their span.
    pub(crate) fn build(self, house: &mut House, stagger: f64) -> (Device, Found) {
        let beat: Moment = house.now.after(self.beat * stagger);
        let panel = Panel::new(&self.found, beat, self.beat);
        let radio = Radio::new(self.radio);
        let Self { key, found, body, battery, update, plain, .. } = self;
        let mut device = Device { key, panel, radio, body, battery, update, plain, idle_until: None };
        device.body.begin(&mut device.panel, house);
        (device, found)
    }

    fn first(&mut self) -> &mut Endpoint {
        self.found.endpoints.first_mut().expect("a device has an endpoint")
    }

    fn last(&mut self) -> &mut Endpoint {
        self.found.endpoints.last_mut().expect("a device has an endpoint")
    }
}
