//! What Home Assistant's device classes and units mean here, as one table, and the conversion of numbers.

use hub_model::{
    Unit,
    capability::{
        PropertySpec, battery, carbon_dioxide, carbon_monoxide, current, energy, flow, humidity, illuminance, moisture,
        particulates, power, pressure, rain, sound, temperature, ultraviolet, volatile_organics, voltage, weight,
    },
};

/// A row: a sensor of this device class is this property.
struct Class {
    name: &'static str,
    spec: &'static PropertySpec,
    /// Whether it keeps its meaning as a diagnostic: a battery does, the temperature of a chip is no climate.
    diagnostic: bool,
}

const fn class(name: &'static str, spec: &'static PropertySpec) -> Class {
    Class { name, spec, diagnostic: false }
}

/// Home Assistant documentation, "Sensor", section "Device class".
static CLASSES: &[Class] = &[
    class("atmospheric_pressure", &pressure::MEASURED),
    Class { diagnostic: true, ..class("battery", &battery::LEVEL) },
    class("carbon_dioxide", &carbon_dioxide::MEASURED),
    class("carbon_monoxide", &carbon_monoxide::MEASURED),
    Class { diagnostic: true, ..class("current", &current::AMPERES) },
    Class { diagnostic: true, ..class("energy", &energy::CONSUMED) },
    class("humidity", &humidity::MEASURED),
    class("illuminance", &illuminance::MEASURED),
    class("moisture", &moisture::MEASURED),
    class("pm1", &particulates::PM1),
    class("pm10", &particulates::PM10),
    class("pm25", &particulates::PM2_5),
    Class { diagnostic: true, ..class("power", &power::WATTS) },
    class("precipitation", &rain::TOTAL),
    class("precipitation_intensity", &rain::RATE),
    class("pressure", &pressure::MEASURED),
    class("sound_pressure", &sound::LEVEL),
    class("temperature", &temperature::MEASURED),
    Class { diagnostic: true, ..class("voltage", &voltage::VOLTS) },
    class("volatile_organic_compounds", &volatile_organics::MEASURED),
    class("volatile_organic_compounds_parts", &volatile_organics::PARTS),
    class("volume_flow_rate", &flow::RATE),
    class("weight", &weight::KILOGRAMS),
];

/// A unit as devices write it: so many of ours, and an offset that is added before.
struct Spelling {
    text: &'static str,
    unit: Unit,
    factor: f64,
    offset: f64,
}

const fn unit(text: &'static str, unit: Unit) -> Spelling {
    times(text, unit, 1.0)
}

const fn times(text: &'static str, unit: Unit, factor: f64) -> Spelling {
    Spelling { text, unit, factor, offset: 0.0 }
}

static SPELLINGS: &[Spelling] = &[
    unit("%", Unit::Percent),
    unit("°C", Unit::Celsius),
    unit("℃", Unit::Celsius),
    unit("C", Unit::Celsius),
    Spelling { offset: -32.0, ..times("°F", Unit::Celsius, 5.0 / 9.0) },
    Spelling { offset: -32.0, ..times("F", Unit::Celsius, 5.0 / 9.0) },
    unit("K", Unit::Kelvin),
    unit("hPa", Unit::Hectopascal),
    unit("mbar", Unit::Hectopascal),
    times("Pa", Unit::Hectopascal, 0.01),
    times("kPa", Unit::Hectopascal, 10.0),
    times("bar", Unit::Hectopascal, 1000.0),
    times("mmHg", Unit::Hectopascal, 1.333_223_9),
    times("inHg", Unit::Hectopascal, 33.863_886),
    times("psi", Unit::Hectopascal, 68.947_57),
    unit("lx", Unit::Lux),
    unit("lux", Unit::Lux),
    unit("UV index", Unit::UvIndex),
    unit("dB", Unit::Decibel),
    unit("dBA", Unit::Decibel),
    unit("dBm", Unit::DecibelMilliwatt),
    unit("ppm", Unit::PartsPerMillion),
    times("ppb", Unit::PartsPerMillion, 0.001),
    // The micro sign and the Greek letter look the same and are both used.
    unit("µg/m³", Unit::MicrogramPerCubicMetre),
    unit("μg/m³", Unit::MicrogramPerCubicMetre),
    unit("ug/m3", Unit::MicrogramPerCubicMetre),
    times("mg/m³", Unit::MicrogramPerCubicMetre, 1000.0),
    unit("W", Unit::Watt),
    times("kW", Unit::Watt, 1000.0),
    times("mW", Unit::Watt, 0.001),
    times("MW", Unit::Watt, 1_000_000.0),
    unit("kWh", Unit::KilowattHour),
    times("Wh", Unit::KilowattHour, 0.001),
    times("MWh", Unit::KilowattHour, 1000.0),
    times("MJ", Unit::KilowattHour, 1.0 / 3.6),
    unit("V", Unit::Volt),
    times("mV", Unit::Volt, 0.001),
    unit("A", Unit::Ampere),
    times("mA", Unit::Ampere, 0.001),
    unit("m³/h", Unit::CubicMetrePerHour),
    times("L/min", Unit::CubicMetrePerHour, 0.06),
    times("L/h", Unit::CubicMetrePerHour, 0.001),
    unit("kg", Unit::Kilogram),
    times("g", Unit::Kilogram, 0.001),
    times("lb", Unit::Kilogram, 0.453_592_37),
    times("oz", Unit::Kilogram, 0.028_349_523),
    unit("°", Unit::Degree),
    unit("mm", Unit::Millimetre),
    times("in", Unit::Millimetre, 25.4),
    unit("mm/h", Unit::MillimetrePerHour),
    times("in/h", Unit::MillimetrePerHour, 25.4),
    unit("s", Unit::Second),
    times("ms", Unit::Second, 0.001),
    times("min", Unit::Second, 60.0),
    times("h", Unit::Second, 3600.0),
    unit("m²", Unit::SquareMetre),
    unit("Hz", Unit::Hertz),
    unit("L", Unit::Litre),
    times("mL", Unit::Litre, 0.001),
    unit("m/s", Unit::MetrePerSecond),
    times("km/h", Unit::MetrePerSecond, 1.0 / 3.6),
    unit("m", Unit::Metre),
    times("cm", Unit::Metre, 0.01),
];

/// How a device's numbers become ours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Conversion {
    factor: f64,
    offset: f64,
}

impl Conversion {
    /// Numbers that are ours already.
    pub(super) const NONE: Self = Self { factor: 1.0, offset: 0.0 };

    /// From °F.
    pub(super) const FAHRENHEIT: Self = Self { factor: 5.0 / 9.0, offset: -32.0 };

    /// The device's number for one of ours, with one digit more than a display shows.
    pub(super) fn back(self, number: f64) -> f64 {
        if self == Self::NONE {
            return number;
        }
        ((number / self.factor - self.offset) * 100.0).round() / 100.0
    }

    /// Converts a number, with no more digits than floating point makes sense of.
    pub(super) fn apply(self, number: f64) -> f64 {
        if self == Self::NONE {
            return number;
        }
        let converted = (number + self.offset) * self.factor;
        (converted * 1e6).round() / 1e6
    }
}

/// The unit that a text means, if its numbers need no conversion.
pub(super) fn unit_of(text: &str) -> Option<Unit> {
    SPELLINGS.iter().find(|row| row.text == text && row.factor == 1.0 && row.offset == 0.0).map(|row| row.unit)
}

/// The unit of ours that a text means, and how its numbers become ours.
pub(super) fn converted(text: &str) -> Option<(Unit, Conversion)> {
    let row = SPELLINGS.iter().find(|row| row.text == text)?;
    Some((row.unit, Conversion { factor: row.factor, offset: row.offset }))
}

/// The property that a sensor measures, and how its numbers become the property's. `None` where no row fits: such a
/// sensor is a property of its vendor.
pub(super) fn measured(
    device_class: Option<&str>,
    unit: Option<&str>,
    label: &str,
    primary: bool,
) -> Option<(&'static PropertySpec, Conversion)> {
    let spec = match device_class {
        Some(name) => CLASSES.iter().find(|class| class.name == name && (primary || class.diagnostic))?.spec,
        None if unit == Some("UV index") && primary => &ultraviolet::INDEX,
        None => return None,
    };
    // What a diagnostic gives in millivolts is the voltage of its battery.
    if !primary && unit == Some("mV") {
        return None;
    }
    let spec = if std::ptr::eq(spec, &energy::CONSUMED) && is_produced(label) { &energy::PRODUCED } else { spec };
    let Some(text) = unit else { return Some((spec, Conversion::NONE)) };
    let row = SPELLINGS.iter().find(|row| row.text == text && row.unit == spec.unit)?;
    Some((spec, Conversion { factor: row.factor, offset: row.offset }))
}

/// Home Assistant has one class for energy in both directions; only the name tells them apart.
fn is_produced(label: &str) -> bool {
    label
        .split('_')
        .any(|word| matches!(word, "produced" | "production" | "export" | "exported" | "returned" | "solar"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_becomes_the_propertys_own() {
        for (class, unit, given, ours) in [
            ("temperature", "°F", 212.0, 100.0),
            ("pressure", "kPa", 101.3, 1013.0),
            ("energy", "Wh", 1500.0, 1.5),
            ("voltage", "mV", 3000.0, 3.0),
            ("current", "mA", 250.0, 0.25),
            ("volume_flow_rate", "L/min", 10.0, 0.6),
        ] {
            let (spec, conversion) = measured(Some(class), Some(unit), "", true).unwrap();
            assert_eq!(conversion.apply(given), ours, "{} from {unit}", spec.name);
        }
    }

    #[test]
    fn what_fits_no_row_stays_the_vendors() {
        assert!(measured(Some("temperature"), Some("lqi"), "", true).is_none());
        assert!(measured(Some("temperature"), Some("°C"), "chip", false).is_none(), "a chip's heat is no climate");
        assert!(measured(Some("battery"), Some("%"), "battery", false).is_some());
        assert!(measured(None, Some("°C"), "", true).is_none());
        assert!(measured(Some("voltage"), Some("V"), "voltage", false).is_some(), "the mains of a plug");
        assert!(measured(Some("voltage"), Some("mV"), "voltage", false).is_none(), "the battery of a sensor");
    }

    #[test]
    fn energy_fed_in_is_told_by_its_name() {
        let of = |label| measured(Some("energy"), Some("kWh"), label, true).unwrap().0.name;
        assert_eq!((of("energy"), of("produced_energy")), ("energy.consumed", "energy.produced"));
    }
}
