//! Written by `cargo xtask codegen` from the capability table.

use async_graphql::InputObject;
use hub_model::{Property, Value};

use crate::vendor::{BadProperty, PropertyInput};

use super::{
    appliance::ApplianceInput, brightness::BrightnessInput, color::ColorInput,
    color_temperature::ColorTemperatureInput, covering::CoveringInput, fan::FanInput, house::HouseInput,
    humidifier::HumidifierInput, media::MediaInput, on_off::OnOffInput, presence::PresenceInput, pump::PumpInput,
    siren::SirenInput, thermostat::ThermostatInput, vacuum::VacuumInput, valve::ValveInput, variable::VariableInput,
};

/// What to set: any fields, sent to the device as one command.
#[derive(Debug, Default, InputObject)]
pub(crate) struct SetInput {
    /// Can be switched on and off.
    pub(crate) on_off: Option<OnOffInput>,
    /// Can be dimmed.
    pub(crate) brightness: Option<BrightnessInput>,
    /// Gives white light from warm to cold.
    pub(crate) color_temperature: Option<ColorTemperatureInput>,
    /// Gives coloured light.
    pub(crate) color: Option<ColorInput>,
    /// Tells whether somebody is at home.
    pub(crate) presence: Option<PresenceInput>,
    /// Opens and closes.
    pub(crate) covering: Option<CoveringInput>,
    /// Keeps a temperature.
    pub(crate) thermostat: Option<ThermostatInput>,
    /// Moves air.
    pub(crate) fan: Option<FanInput>,
    /// Keeps a humidity.
    pub(crate) humidifier: Option<HumidifierInput>,
    /// Cleans floors by itself.
    pub(crate) vacuum: Option<VacuumInput>,
    /// Runs programmes.
    pub(crate) appliance: Option<ApplianceInput>,
    /// Lets water or gas through.
    pub(crate) valve: Option<ValveInput>,
    /// Pumps.
    pub(crate) pump: Option<PumpInput>,
    /// Plays sound or pictures.
    pub(crate) media: Option<MediaInput>,
    /// Makes a loud noise.
    pub(crate) siren: Option<SirenInput>,
    /// Knows what goes on in the house.
    pub(crate) house: Option<HouseInput>,
    /// Keeps something in mind.
    pub(crate) variable: Option<VariableInput>,
    /// Properties by name: those that only their vendor knows (`x.<vendor>.<name>`), or any other.
    pub(crate) vendor: Option<Vec<PropertyInput>>,
}

impl SetInput {
    /// The properties and their values, in the table's order.
    pub(crate) fn pairs(self) -> Result<Vec<(Property, Value)>, BadProperty> {
        let mut set = Vec::new();
        if let Some(input) = self.on_off {
            input.collect(&mut set);
        }
        if let Some(input) = self.brightness {
            input.collect(&mut set);
        }
        if let Some(input) = self.color_temperature {
            input.collect(&mut set);
        }
        if let Some(input) = self.color {
            input.collect(&mut set);
        }
        if let Some(input) = self.presence {
            input.collect(&mut set);
        }
        if let Some(input) = self.covering {
            input.collect(&mut set);
        }
        if let Some(input) = self.thermostat {
            input.collect(&mut set);
        }
        if let Some(input) = self.fan {
            input.collect(&mut set);
        }
        if let Some(input) = self.humidifier {
            input.collect(&mut set);
        }
        if let Some(input) = self.vacuum {
            input.collect(&mut set);
        }
        if let Some(input) = self.appliance {
            input.collect(&mut set);
        }
        if let Some(input) = self.valve {
            input.collect(&mut set);
        }
        if let Some(input) = self.pump {
            input.collect(&mut set);
        }
        if let Some(input) = self.media {
            input.collect(&mut set);
        }
        if let Some(input) = self.siren {
            input.collect(&mut set);
        }
        if let Some(input) = self.house {
            input.collect(&mut set);
        }
        if let Some(input) = self.variable {
            input.collect(&mut set);
        }
        for input in self.vendor.unwrap_or_default() {
            set.push(input.pair()?);
        }
        Ok(set)
    }
}
