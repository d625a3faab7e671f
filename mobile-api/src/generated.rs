//! Written by `cargo xtask codegen` from the capability table.
//!
//! One module for each capability, with its object and inputs, and the three that gather them.

mod appliance;
mod battery;
mod brightness;
mod button;
mod capabilities;
mod carbon_dioxide;
mod carbon_monoxide;
mod color;
mod color_temperature;
mod contact;
mod covering;
mod current;
mod doorbell;
mod energy;
mod fan;
mod firmware;
mod flow;
mod gas;
mod humidifier;
mod humidity;
mod identify;
mod illuminance;
mod invoke;
mod leak;
mod lock;
mod media;
mod moisture;
mod occupancy;
mod on_off;
mod particulates;
mod power;
mod presence;
mod pressure;
mod problem;
mod rain;
mod set;
mod siren;
mod smoke;
mod sound;
mod tamper;
mod temperature;
mod thermostat;
mod ultraviolet;
mod vacuum;
mod valve;
mod vibration;
mod volatile_organics;
mod voltage;
mod weight;

pub(crate) use {capabilities::Capabilities, invoke::InvokeInput, set::SetInput};
