//! Colour Control (§3.2): hue and saturation, chromaticity, and white from warm to cold.

use hub_model::{
    Color, Limits, PropertyOffer, Value,
    capability::{color, color_temperature, on_off},
};

use super::{Cluster, Family, Refusal, Row, Wanted, level::options, on_off as switching, view::or_unknown};
use crate::wire::Tlv;

const CLUSTER: u32 = 0x0300;
const HUE: u32 = 0x0000;
const SATURATION: u32 = 0x0001;
const X: u32 = 0x0003;
const Y: u32 = 0x0004;
const MIREDS: u32 = 0x0007;
const MODE: u32 = 0x0008;
const ENHANCED_HUE: u32 = 0x4000;
const LEAST_MIREDS: u32 = 0x400B;
const MOST_MIREDS: u32 = 0x400C;

const HAS_HUE: u32 = 0;
const HAS_ENHANCED_HUE: u32 = 1;
const HAS_XY: u32 = 3;
const HAS_TEMPERATURE: u32 = 4;

const MOVE_TO_HUE_AND_SATURATION: u32 = 0x06;
const MOVE_TO_COLOR: u32 = 0x07;
const MOVE_TO_TEMPERATURE: u32 = 0x0A;
const ENHANCED_MOVE_TO_HUE_AND_SATURATION: u32 = 0x43;

/// The values of the colour mode.
mod mode {
    pub(super) const XY: u64 = 1;
    pub(super) const TEMPERATURE: u64 = 2;
}

/// What the wire's hue and saturation are at the full circle and the full colour.
const FULL: f64 = 254.0;
const FULL_ENHANCED: f64 = 65_536.0;
/// The greatest coordinate, just below 1 in 65,536ths.
const MOST_XY: f64 = 65_279.0;

pub(super) static FAMILY: Family = Family { clusters: &[CLUSTER], rows: ROWS, plan, ..Family::OF_NOTHING };

const ROWS: &[Row] = &[
    Row::of(
        &[MODE, HUE, SATURATION, X, Y, ENHANCED_HUE],
        |cluster| is_colored(cluster).then(|| PropertyOffer::new(&color::VALUE).with_transition()),
        |cluster| or_unknown(current(cluster)),
    ),
    Row::of(
        &[MIREDS],
        |cluster| {
            let offer = PropertyOffer::new(&color_temperature::KELVIN).within(kelvins(cluster));
            cluster.feature(HAS_TEMPERATURE).then(|| offer.with_transition())
        },
        |cluster| {
            let mireds = cluster.number(MIREDS, 1.0).filter(|mireds| *mireds >= 1.0);
            mireds.map_or(Value::Unknown, |mireds| (1e6 / mireds).round().into())
        },
    ),
    Row::of(
        &[MODE],
        |cluster| {
            let both = is_colored(cluster) && cluster.feature(HAS_TEMPERATURE);
            both.then(|| PropertyOffer::new(&color::MODE))
        },
        |cluster| cluster.read_word(MODE, &[(0, "color"), (mode::XY, "color"), (mode::TEMPERATURE, "temperature")]),
    ),
];

fn is_colored(cluster: &Cluster<'_>) -> bool {
    cluster.feature(HAS_HUE) || cluster.feature(HAS_XY)
}

/// The colour, from whichever form is the one that the device goes by.
fn current(cluster: &Cluster<'_>) -> Option<Color> {
    let by_xy = cluster.uint(MODE) == Some(mode::XY);
    if cluster.feature(HAS_XY) && (by_xy || !cluster.feature(HAS_HUE)) {
        let (x, y) = (cluster.number(X, 1.0 / 65_536.0)?, cluster.number(Y, 1.0 / 65_536.0)?);
        return Some(rounded(Color::from_xy(x, y)));
    }
    let hue = if cluster.feature(HAS_ENHANCED_HUE) {
        cluster.number(ENHANCED_HUE, 360.0 / FULL_ENHANCED)?
    } else {
        cluster.number(HUE, 360.0 / FULL)?
    };
    Some(rounded(Color::new(hue, cluster.number(SATURATION, 100.0 / FULL)?)))
}

/// To tenths: finer than any lamp, and the same colour reads the same each time.
fn rounded(color: Color) -> Color {
    let tenths = |number: f64| (number * 10.0).round() / 10.0;
    Color::new(tenths(color.hue), tenths(color.saturation))
}

/// The mireds that the lamp has, from cold to warm.
fn mireds(cluster: &Cluster<'_>) -> (f64, f64) {
    let sound = |attribute| cluster.number(attribute, 1.0).filter(|mireds| (50.0..=1000.0).contains(mireds));
    let (cold, warm) = (sound(LEAST_MIREDS).unwrap_or(153.0), sound(MOST_MIREDS).unwrap_or(500.0));
    if cold < warm { (cold, warm) } else { (153.0, 500.0) }
}

/// The span in K. A lamp counts in mireds, which are coarsest at the cold end: that gives the step.
fn kelvins(cluster: &Cluster<'_>) -> Limits {
    let (cold, warm) = mireds(cluster);
    let step = (1e6 / cold - 1e6 / (cold + 1.0)).ceil().max(1.0);
    Limits::new((1e6 / warm).floor(), (1e6 / cold).ceil()).by(step)
}

fn plan(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let color = wanted.take(&color::VALUE).and_then(|value| value.as_color());
    let kelvin = wanted.take_number(&color_temperature::KELVIN);
    if color.is_none() && kelvin.is_none() {
        return Ok(());
    }
    if let Some(color) = color {
        move_to_color(cluster, wanted, color);
    }
    if let Some(kelvin) = kelvin {
        let (cold, warm) = mireds(cluster);
        let mireds = (1e6 / kelvin.max(1.0)).round().clamp(cold, warm) as u64;
        send(cluster, wanted, MOVE_TO_TEMPERATURE, vec![Tlv::Uint(mireds)]);
    }
    // Whoever picks a colour wants to see it, unless they say otherwise.
    let switch = cluster.sibling(switching::CLUSTER);
    if switch.is_some_and(|switch| switch.bool(switching::ON_OFF) != Some(true)) {
        wanted.also(&on_off::ON, true);
    }
    Ok(())
}

fn move_to_color(cluster: &Cluster<'_>, wanted: &mut Wanted, color: Color) {
    let saturation = Tlv::Uint((color.saturation / 100.0 * FULL).round() as u64);
    if cluster.feature(HAS_ENHANCED_HUE) {
        let hue = Tlv::Uint((color.hue / 360.0 * FULL_ENHANCED).round() as u64 % 65_536);
        send(cluster, wanted, ENHANCED_MOVE_TO_HUE_AND_SATURATION, vec![hue, saturation]);
    } else if cluster.feature(HAS_HUE) {
        let hue = Tlv::Uint((color.hue / 360.0 * FULL).round() as u64);
        send(cluster, wanted, MOVE_TO_HUE_AND_SATURATION, vec![hue, saturation]);
    } else {
        let (x, y) = color.to_xy();
        let wire = |part: f64| Tlv::Uint((part * 65_536.0).round().clamp(0.0, MOST_XY) as u64);
        send(cluster, wanted, MOVE_TO_COLOR, vec![wire(x), wire(y)]);
    }
}

/// Sends a command of these fields, the transition time and the options.
fn send(cluster: &Cluster<'_>, wanted: &mut Wanted, command: u32, fields: Vec<Tlv>) {
    let mut fields: Vec<(u8, Tlv)> = (0..).zip(fields).collect();
    let next = fields.len() as u8;
    fields.push((next, Tlv::Uint(wanted.tenths())));
    fields.extend(options(next + 1));
    wanted.invoke(cluster, command, fields);
}
