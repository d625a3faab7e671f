//! Colours. The canonical form is hue and saturation; xy and RGB are converted at an adapter's border.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A colour without its brightness, which is a property of its own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Color {
    /// Hue in degrees, 0 to 360; red 0, green 120, blue 240.
    #[serde(rename = "h")]
    pub hue: f64,
    /// Saturation in %, 0 (white) to 100.
    #[serde(rename = "s")]
    pub saturation: f64,
}

impl Color {
    /// A colour of a hue (any angle, brought into 0 to 360) and a saturation (kept within 0 to 100).
    pub fn new(hue: f64, saturation: f64) -> Self {
        Self { hue: hue.rem_euclid(360.0), saturation: saturation.clamp(0.0, 100.0) }
    }

    /// Whether both parts are numbers within their limits.
    pub fn is_sound(self) -> bool {
        (0.0..=360.0).contains(&self.hue) && (0.0..=100.0).contains(&self.saturation)
    }

    /// Whether two colours look the same: devices that work in xy or in 8 bits give back a colour a little beside the
    /// one asked for. The distance is measured in the plane of the colour wheel, in % of its radius.
    pub fn is_near(self, other: Self) -> bool {
        const NEAR: f64 = 6.0;
        let point = |color: Self| {
            let (sin, cos) = color.hue.to_radians().sin_cos();
            (color.saturation * cos, color.saturation * sin)
        };
        let ((ax, ay), (bx, by)) = (point(self), point(other));
        (ax - bx).hypot(ay - by) <= NEAR
    }

    /// From linear parts of red, green and blue at any common scale; black counts as white.
    pub fn from_rgb(red: f64, green: f64, blue: f64) -> Self {
        let max = red.max(green).max(blue);
        let delta = max - red.min(green).min(blue);
        if max <= 0.0 || delta <= 0.0 {
            return Self { hue: 0.0, saturation: 0.0 };
        }
        let sextant = if max == red {
            (green - blue) / delta
        } else if max == green {
            (blue - red) / delta + 2.0
        } else {
            (red - green) / delta + 4.0
        };
        Self::new(sextant * 60.0, delta / max * 100.0)
    }

    /// Red, green and blue from 0 to 1, at full brightness.
    pub fn to_rgb(self) -> (f64, f64, f64) {
        let part = |offset: f64| {
            let k = (offset + self.hue / 60.0) % 6.0;
            1.0 - self.saturation / 100.0 * k.min(4.0 - k).clamp(0.0, 1.0)
        };
        (part(5.0), part(3.0), part(1.0))
    }

    /// From CIE 1931 chromaticity, with sRGB primaries and D65 white; a point outside the gamut is brought to its edge.
    pub fn from_xy(x: f64, y: f64) -> Self {
        let y = y.max(1e-6);
        let (big_x, big_z) = (x / y, (1.0 - x - y) / y);
        let red = 3.240_97 * big_x - 1.537_38 - 0.498_61 * big_z;
        let green = -0.969_24 * big_x + 1.875_97 + 0.041_56 * big_z;
        let blue = 0.055_63 * big_x - 0.203_98 + 1.056_97 * big_z;
        let max = red.max(green).max(blue).max(1e-6);
        let [red, green, blue] = [red, green, blue].map(|part| encode_srgb((part / max).max(0.0)));
        Self::from_rgb(red, green, blue)
    }

    /// CIE 1931 chromaticity, with sRGB primaries and D65 white.
    pub fn to_xy(self) -> (f64, f64) {
        let (red, green, blue) = self.to_rgb();
        let [red, green, blue] = [red, green, blue].map(decode_srgb);
        let big_x = 0.412_39 * red + 0.357_58 * green + 0.180_48 * blue;
        let big_y = 0.212_64 * red + 0.715_17 * green + 0.072_19 * blue;
        let big_z = 0.019_33 * red + 0.119_19 * green + 0.950_53 * blue;
        let sum = big_x + big_y + big_z;
        (big_x / sum, big_y / sum)
    }
}

/// The sRGB transfer function, IEC 61966-2-1.
fn encode_srgb(linear: f64) -> f64 {
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

fn decode_srgb(encoded: f64) -> f64 {
    if encoded <= 0.040_45 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hue {:.0}°, {:.0} %", self.hue, self.saturation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primaries_are_where_they_belong() {
        assert_eq!(Color::from_rgb(255.0, 0.0, 0.0), Color::new(0.0, 100.0));
        assert_eq!(Color::from_rgb(0.0, 0.5, 0.0), Color::new(120.0, 100.0));
        assert!(Color::from_xy(0.3127, 0.3290).saturation < 1.0, "D65 is white");
    }

    proptest::proptest! {
        #[test]
        fn a_colour_survives_the_way_through_xy(hue in 0.0..360.0, saturation in 0.0..100.0) {
            let color = Color::new(hue, saturation);
            let (x, y) = color.to_xy();
            proptest::prop_assert!(Color::from_xy(x, y).is_near(color));
        }

        #[test]
        fn any_chromaticity_is_a_sound_colour(x in -1e9..1e9, y in -1e9..1e9) {
            proptest::prop_assert!(Color::from_xy(x, y).is_sound());
        }
    }
}
