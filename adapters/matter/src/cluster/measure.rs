//! What is measured: temperature, humidity, pressure, light, flow and the moisture of soil (§2).

use hub_model::{
    Value,
    capability::{flow, humidity, illuminance, moisture, pressure, temperature},
};

use super::{
    Cluster, Family, Row,
    view::{or_unknown, tidy},
};

const MEASURED: u32 = 0x0000;

/// In hundredths of a degree.
pub(super) static TEMPERATURE: Family = Family {
    clusters: &[0x0402],
    rows: &[Row::number(&[MEASURED], &temperature::MEASURED, 0.01)],
    ..Family::OF_NOTHING
};

/// In hundredths of a percent.
pub(super) static HUMIDITY: Family =
    Family { clusters: &[0x0405], rows: &[Row::number(&[MEASURED], &humidity::MEASURED, 0.01)], ..Family::OF_NOTHING };

const SCALED: u32 = 0x0010;
const SCALE: u32 = 0x0014;
const IS_EXTENDED: u32 = 0;

/// In tenths of a kilopascal, which are hectopascals; finer where it is extended.
pub(super) static PRESSURE: Family = Family {
    clusters: &[0x0403],
    rows: &[Row::whole(&[MEASURED, SCALED, SCALE], &pressure::MEASURED, |cluster| {
        or_unknown(scaled(cluster).or_else(|| cluster.number(MEASURED, 1.0)))
    })],
    ..Family::OF_NOTHING
};

/// The scaled value is the pressure in Pa times ten to the power of the scale.
fn scaled(cluster: &Cluster<'_>) -> Option<f64> {
    let scale = cluster.get(SCALE)?.as_int()?;
    let scale = i32::try_from(scale).ok().filter(|scale| cluster.feature(IS_EXTENDED) && scale.abs() <= 9)?;
    cluster.number(SCALED, 10f64.powi(-scale) / 100.0)
}

/// Ten thousand times the logarithm of the light, and one more; 0 is too little to be measured.
pub(super) static ILLUMINANCE: Family = Family {
    clusters: &[0x0400],
    rows: &[Row::whole(&[MEASURED], &illuminance::MEASURED, |cluster| {
        cluster.number(MEASURED, 1.0).map_or(Value::Unknown, |measured| lux(measured).into())
    })],
    ..Family::OF_NOTHING
};

fn lux(measured: f64) -> f64 {
    if measured < 1.0 {
        return 0.0;
    }
    let lux = 10f64.powf((measured.min(65_534.0) - 1.0) / 10_000.0);
    // The scale is fine to 0.02 %, so that more than four digits would be invented.
    let digit = 10f64.powf((lux.log10().floor() - 3.0).max(-2.0));
    tidy((lux / digit).round() * digit)
}

/// In tenths of a cubic metre an hour.
pub(super) static FLOW: Family =
    Family { clusters: &[0x0404], rows: &[Row::number(&[MEASURED], &flow::RATE, 0.1)], ..Family::OF_NOTHING };

const SOIL_MEASURED: u32 = 0x0001;

/// In percent.
pub(super) static SOIL: Family = Family {
    clusters: &[0x0430],
    rows: &[Row::number(&[SOIL_MEASURED], &moisture::MEASURED, 1.0)],
    ..Family::OF_NOTHING
};
