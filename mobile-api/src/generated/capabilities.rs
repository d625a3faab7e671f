//! Written by `cargo xtask codegen` from the capability table.

use async_graphql::Object;

use crate::part::Part;

use super::{
    air_quality::AirQuality, appliance::Appliance, battery::Battery, brightness::Brightness, button::Button,
    carbon_dioxide::CarbonDioxide, carbon_monoxide::CarbonMonoxide, color::Color, color_temperature::ColorTemperature,
    contact::Contact, covering::Covering, current::Current, diagnostics::Diagnostics, doorbell::Doorbell,
    energy::Energy, fan::Fan, filter::Filter, firmware::Firmware, flow::Flow, formaldehyde::Formaldehyde,
    freeze::Freeze, gas::Gas, house::House, humidifier::Humidifier, humidity::Humidity, identify::Identify,
    illuminance::Illuminance, leak::Leak, lock::Lock, media::Media, moisture::Moisture,
    nitrogen_dioxide::NitrogenDioxide, occupancy::Occupancy, on_off::OnOff, ozone::Ozone, particulates::Particulates,
    power::Power, presence::Presence, pressure::Pressure, problem::Problem, pump::Pump, radon::Radon, rain::Rain,
    siren::Siren, smoke::Smoke, sound::Sound, tamper::Tamper, temperature::Temperature, thermostat::Thermostat,
    ultraviolet::Ultraviolet, vacuum::Vacuum, valve::Valve, variable::Variable, vibration::Vibration,
    volatile_organics::VolatileOrganics, voltage::Voltage, weight::Weight,
};

/// What an endpoint offers, capability by capability; null where it doesn't.
pub(crate) struct Capabilities(pub(crate) Part);

#[Object]
impl Capabilities {
    /// Can be switched on and off.
    async fn on_off(&self) -> Option<OnOff> {
        OnOff::of(&self.0)
    }
    /// Can be dimmed.
    async fn brightness(&self) -> Option<Brightness> {
        Brightness::of(&self.0)
    }
    /// Gives white light from warm to cold.
    async fn color_temperature(&self) -> Option<ColorTemperature> {
        ColorTemperature::of(&self.0)
    }
    /// Gives coloured light.
    async fn color(&self) -> Option<Color> {
        Color::of(&self.0)
    }
    /// Measures temperature.
    async fn temperature(&self) -> Option<Temperature> {
        Temperature::of(&self.0)
    }
    /// Measures the humidity of the air.
    async fn humidity(&self) -> Option<Humidity> {
        Humidity::of(&self.0)
    }
    /// Measures air pressure.
    async fn pressure(&self) -> Option<Pressure> {
        Pressure::of(&self.0)
    }
    /// Measures light.
    async fn illuminance(&self) -> Option<Illuminance> {
        Illuminance::of(&self.0)
    }
    /// Measures ultraviolet light.
    async fn ultraviolet(&self) -> Option<Ultraviolet> {
        Ultraviolet::of(&self.0)
    }
    /// Notices and measures rain.
    async fn rain(&self) -> Option<Rain> {
        Rain::of(&self.0)
    }
    /// Notices people.
    async fn occupancy(&self) -> Option<Occupancy> {
        Occupancy::of(&self.0)
    }
    /// Tells whether somebody is at home.
    async fn presence(&self) -> Option<Presence> {
        Presence::of(&self.0)
    }
    /// Notices whether a door or window is open.
    async fn contact(&self) -> Option<Contact> {
        Contact::of(&self.0)
    }
    /// Measures the moisture of earth or a wall.
    async fn moisture(&self) -> Option<Moisture> {
        Moisture::of(&self.0)
    }
    /// Warns of water.
    async fn leak(&self) -> Option<Leak> {
        Leak::of(&self.0)
    }
    /// Warns of frost.
    async fn freeze(&self) -> Option<Freeze> {
        Freeze::of(&self.0)
    }
    /// Warns of smoke.
    async fn smoke(&self) -> Option<Smoke> {
        Smoke::of(&self.0)
    }
    /// Warns of carbon monoxide.
    async fn carbon_monoxide(&self) -> Option<CarbonMonoxide> {
        CarbonMonoxide::of(&self.0)
    }
    /// Warns of burning gas.
    async fn gas(&self) -> Option<Gas> {
        Gas::of(&self.0)
    }
    /// Notices tampering.
    async fn tamper(&self) -> Option<Tamper> {
        Tamper::of(&self.0)
    }
    /// Tells when something is wrong with it.
    async fn problem(&self) -> Option<Problem> {
        Problem::of(&self.0)
    }
    /// Notices noise.
    async fn sound(&self) -> Option<Sound> {
        Sound::of(&self.0)
    }
    /// Notices shaking.
    async fn vibration(&self) -> Option<Vibration> {
        Vibration::of(&self.0)
    }
    /// Measures carbon dioxide.
    async fn carbon_dioxide(&self) -> Option<CarbonDioxide> {
        CarbonDioxide::of(&self.0)
    }
    /// Measures fine dust.
    async fn particulates(&self) -> Option<Particulates> {
        Particulates::of(&self.0)
    }
    /// Measures volatile organic compounds.
    async fn volatile_organics(&self) -> Option<VolatileOrganics> {
        VolatileOrganics::of(&self.0)
    }
    /// Judges the air.
    async fn air_quality(&self) -> Option<AirQuality> {
        AirQuality::of(&self.0)
    }
    /// Measures formaldehyde.
    async fn formaldehyde(&self) -> Option<Formaldehyde> {
        Formaldehyde::of(&self.0)
    }
    /// Measures nitrogen dioxide.
    async fn nitrogen_dioxide(&self) -> Option<NitrogenDioxide> {
        NitrogenDioxide::of(&self.0)
    }
    /// Measures ozone.
    async fn ozone(&self) -> Option<Ozone> {
        Ozone::of(&self.0)
    }
    /// Measures radon.
    async fn radon(&self) -> Option<Radon> {
        Radon::of(&self.0)
    }
    /// Runs on a battery.
    async fn battery(&self) -> Option<Battery> {
        Battery::of(&self.0)
    }
    /// Measures electrical power.
    async fn power(&self) -> Option<Power> {
        Power::of(&self.0)
    }
    /// Counts electrical energy.
    async fn energy(&self) -> Option<Energy> {
        Energy::of(&self.0)
    }
    /// Measures voltage.
    async fn voltage(&self) -> Option<Voltage> {
        Voltage::of(&self.0)
    }
    /// Measures electric current.
    async fn current(&self) -> Option<Current> {
        Current::of(&self.0)
    }
    /// Measures the flow of water or gas.
    async fn flow(&self) -> Option<Flow> {
        Flow::of(&self.0)
    }
    /// Weighs.
    async fn weight(&self) -> Option<Weight> {
        Weight::of(&self.0)
    }
    /// Opens and closes.
    async fn covering(&self) -> Option<Covering> {
        Covering::of(&self.0)
    }
    /// Locks a door.
    async fn lock(&self) -> Option<Lock> {
        Lock::of(&self.0)
    }
    /// Keeps a temperature.
    async fn thermostat(&self) -> Option<Thermostat> {
        Thermostat::of(&self.0)
    }
    /// Moves air.
    async fn fan(&self) -> Option<Fan> {
        Fan::of(&self.0)
    }
    /// Keeps a humidity.
    async fn humidifier(&self) -> Option<Humidifier> {
        Humidifier::of(&self.0)
    }
    /// Has filters.
    async fn filter(&self) -> Option<Filter> {
        Filter::of(&self.0)
    }
    /// Can be pressed.
    async fn button(&self) -> Option<Button> {
        Button::of(&self.0)
    }
    /// Rings.
    async fn doorbell(&self) -> Option<Doorbell> {
        Doorbell::of(&self.0)
    }
    /// Cleans floors by itself.
    async fn vacuum(&self) -> Option<Vacuum> {
        Vacuum::of(&self.0)
    }
    /// Runs programmes.
    async fn appliance(&self) -> Option<Appliance> {
        Appliance::of(&self.0)
    }
    /// Lets water or gas through.
    async fn valve(&self) -> Option<Valve> {
        Valve::of(&self.0)
    }
    /// Pumps.
    async fn pump(&self) -> Option<Pump> {
        Pump::of(&self.0)
    }
    /// Plays sound or pictures.
    async fn media(&self) -> Option<Media> {
        Media::of(&self.0)
    }
    /// Makes a loud noise.
    async fn siren(&self) -> Option<Siren> {
        Siren::of(&self.0)
    }
    /// Can show which device it is.
    async fn identify(&self) -> Option<Identify> {
        Identify::of(&self.0)
    }
    /// Has a program that can be updated.
    async fn firmware(&self) -> Option<Firmware> {
        Firmware::of(&self.0)
    }
    /// Tells how it fares.
    async fn diagnostics(&self) -> Option<Diagnostics> {
        Diagnostics::of(&self.0)
    }
    /// Knows what goes on in the house.
    async fn house(&self) -> Option<House> {
        House::of(&self.0)
    }
    /// Keeps something in mind.
    async fn variable(&self) -> Option<Variable> {
        Variable::of(&self.0)
    }
}
