//! Lamps: plain, dimmable, white from warm to cold, coloured. A change may take a time.

use hub_model::{
    Color, EndpointKind, Limits, PropertyOffer, Value,
    capability::{brightness, color, color_temperature, identify, on_off},
};

use super::{Asked, Body, Refusal, UNSUPPORTED};
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    moment::Moment,
    panel::Panel,
};

/// What a lamp can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ability {
    /// Only on and off.
    Plain,
    /// Brightness.
    Dim,
    /// Brightness, in 254 steps as on a Zigbee wire, so that 30 % reads 29.9.
    DimIn254,
    /// Brightness and white from warm to cold.
    White,
    /// Brightness, white and colours.
    Colour,
}

/// A lamp in a room.
#[derive(Debug)]
pub(crate) struct Lamp {
    room: Room,
    ability: Ability,
    /// Whether the house sees its light and pays for its power.
    wired: bool,
    fade: Option<Fade>,
}

/// A change of brightness under way.
#[derive(Debug)]
struct Fade {
    from: f64,
    to: f64,
    began: Moment,
    lasts: f64,
    /// The brightness to come back to, where the lamp goes out at the end.
    out: Option<f64>,
}

/// W at full brightness.
const WATTS: f64 = 9.0;
/// lx that it gives a room at full brightness.
const LUX: f64 = 180.0;

/// A lamp.
pub(crate) fn lamp(name: &str, room: Room, ability: Ability) -> Blueprint {
    describe(name, ability, Lamp { room, ability, wired: true, fade: None })
}

/// One of many lamps that the house takes no notice of.
pub(crate) fn plain(name: &str, room: Room) -> Blueprint {
    describe(name, Ability::White, Lamp { room, ability: Ability::White, wired: false, fade: None })
}

fn describe(name: &str, ability: Ability, body: Lamp) -> Blueprint {
    let level = PropertyOffer::new(&brightness::LEVEL).within(Limits::new(1.0, 100.0)).with_transition();
    let warmth = PropertyOffer::new(&color_temperature::KELVIN).within(Limits::new(2200.0, 6500.0));
    let colours = [PropertyOffer::new(&color::VALUE), PropertyOffer::new(&color::MODE)];
    let blueprint = Blueprint::new(name, body.room, EndpointKind::Light, body)
        .offers([PropertyOffer::new(&on_off::ON).with_transition()])
        .actions([&on_off::TOGGLE]);
    let shown = |blueprint: Blueprint| blueprint.actions([&brightness::STEP, &identify::IDENTIFY]);
    match ability {
        Ability::Plain => blueprint.model("Glow"),
        Ability::Dim => shown(blueprint.model("Glow dim").offers([level])),
        Ability::DimIn254 => {
            let level = level.within(Limits::new(0.4, 100.0).by(0.4));
            shown(blueprint.model("Glow Z").offers([level]))
        }
        Ability::White => shown(blueprint.model("Glow white").offers([level, warmth])),
        Ability::Colour => shown(blueprint.model("Glow colour").offers([level, warmth]).offers(colours)),
    }
}

impl Lamp {
    fn is_dimmable(&self) -> bool {
        self.ability != Ability::Plain
    }

    /// The nearest level that the lamp can give.
    fn level(&self, wanted: f64) -> f64 {
        match self.ability {
            Ability::DimIn254 => (wanted * 2.54).round().clamp(1.0, 254.0) / 2.54,
            _ => wanted.clamp(1.0, 100.0),
        }
    }

    fn switch(&mut self, panel: &mut Panel, on: bool) {
        if let Some(Fade { out: Some(level), .. }) = self.fade.take() {
            panel.tell(1, &brightness::LEVEL, level);
        }
        panel.tell(1, &on_off::ON, on);
    }

    fn dim(&mut self, panel: &mut Panel, to: f64, lasts: f64, now: Moment) {
        let to = self.level(to);
        let from = if panel.is(1, &on_off::ON) { panel.number(1, &brightness::LEVEL) } else { 1.0 };
        panel.tell(1, &on_off::ON, true);
        if lasts > 0.0 {
            panel.tell(1, &brightness::LEVEL, self.level(from));
            self.fade = Some(Fade { from, to, began: now, lasts, out: None });
        } else {
            self.fade = None;
            panel.tell(1, &brightness::LEVEL, to);
        }
    }

    fn go_out(&mut self, panel: &mut Panel, lasts: f64, now: Moment) {
        if lasts > 0.0 && self.is_dimmable() && panel.is(1, &on_off::ON) {
            let from = panel.number(1, &brightness::LEVEL);
            self.fade = Some(Fade { from, to: 1.0, began: now, lasts, out: Some(from) });
        } else {
            self.switch(panel, false);
        }
    }

    fn colour(asked: &Asked<'_>, panel: &mut Panel) {
        if let Some(kelvin) = asked.number(&color_temperature::KELVIN) {
            panel.tell(1, &color_temperature::KELVIN, kelvin);
            panel.tell(1, &color::MODE, Value::text("temperature"));
        }
        if let Some(value) = asked.value(&color::VALUE) {
            panel.tell(1, &color::VALUE, value.clone());
            panel.tell(1, &color::MODE, Value::text("color"));
        }
    }

    fn fade_on(&mut self, panel: &mut Panel, now: Moment) {
        let Some(fade) = &self.fade else { return };
        let share = (now.since(fade.began) / fade.lasts).clamp(0.0, 1.0);
        let level = self.level(fade.from + (fade.to - fade.from) * share);
        if share < 1.0 {
            panel.put(1, &brightness::LEVEL, level);
            return;
        }
        let fade = self.fade.take().expect("it was there a line ago");
        panel.tell(1, &brightness::LEVEL, fade.out.unwrap_or(level));
        if fade.out.is_some() {
            panel.tell(1, &on_off::ON, false);
        }
    }
}

impl Body for Lamp {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &on_off::ON, false);
        panel.put(1, &brightness::LEVEL, self.level(80.0));
        panel.put(1, &color_temperature::KELVIN, 2700.0);
        panel.put(1, &color::VALUE, Color::new(30.0, 60.0));
        panel.put(1, &color::MODE, Value::text("temperature"));
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        self.fade_on(panel, house.now);
        if !self.wired {
            return;
        }
        house.load[0] += 0.3;
        if panel.is(1, &on_off::ON) {
            let share = if self.is_dimmable() { panel.number(1, &brightness::LEVEL) / 100.0 } else { 1.0 };
            house.load[0] += WATTS * share;
            house[self.room].lamps += LUX * share;
        }
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, house: &mut House) -> Result<(), Refusal> {
        let lasts = asked.command.transition.map_or(0.0, |time| time.as_secs_f64());
        let step = asked.argument("by").and_then(Value::as_number);
        Self::colour(asked, panel);
        if asked.invokes(&on_off::TOGGLE) {
            let on = !panel.is(1, &on_off::ON);
            self.switch(panel, on);
        } else if asked.invokes(&brightness::STEP) {
            let by = step.ok_or(UNSUPPORTED)?;
            self.dim(panel, panel.number(1, &brightness::LEVEL) + by, lasts, house.now);
        }
        match (asked.bool(&on_off::ON), asked.number(&brightness::LEVEL)) {
            (Some(false), None) => self.go_out(panel, lasts, house.now),
            (Some(false), Some(level)) => {
                self.switch(panel, false);
                panel.tell(1, &brightness::LEVEL, self.level(level));
            }
            (_, Some(level)) => self.dim(panel, level, lasts, house.now),
            (Some(true), None) if lasts > 0.0 && self.is_dimmable() && !panel.is(1, &on_off::ON) => {
                self.dim(panel, panel.number(1, &brightness::LEVEL), lasts, house.now);
            }
            (Some(true), None) => self.switch(panel, true),
            (None, None) => {}
        }
        Ok(())
    }

    fn touched(&mut self, panel: &mut Panel, hand: Hand, _house: &mut House) {
        if let Hand::Switch(on) = hand
            && panel.is(1, &on_off::ON) != on
        {
            self.switch(panel, on);
        }
    }

    fn is_moving(&self) -> bool {
        self.fade.is_some()
    }
}
