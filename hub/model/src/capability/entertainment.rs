//! What makes sound and shows pictures.

use super::{ActionSpec, Capability, Kind, Parameter, PropertySpec, Summary};
use crate::{Limits, Unit};

/// Loudspeakers and televisions (Matter Media Playback, Level Control and Media Input clusters).
pub mod media {
    use super::*;
    /// What it does just now.
    pub static STATE: PropertySpec =
        PropertySpec::choice("media.state", "What it does just now.", &["playing", "paused", "stopped", "buffering"])
            .matter(0x0506, 0x0000);
    /// Loudness in %.
    pub static VOLUME: PropertySpec =
        PropertySpec::number("media.volume", "How loud it plays.", Unit::Percent, 0.0, 100.0)
            .settable()
            .summarised(Summary::Last)
            .matter(0x0008, 0x0000);
    /// Whether it is silent.
    pub static MUTED: PropertySpec =
        PropertySpec::bool("media.muted", "Whether it is muted.").settable().matter(0x0006, 0x0000);
    /// What it plays.
    pub static TITLE: PropertySpec = PropertySpec::text("media.title", "What it plays.", 512);
    /// Where the sound or picture comes from.
    pub static SOURCE: PropertySpec = PropertySpec::text("media.source", "Where the sound or picture comes from.", 128)
        .settable()
        .matter(0x0507, 0x0001);
    /// Plays on, or plays `what`.
    pub static PLAY: ActionSpec = ActionSpec::new(
        "media.play",
        "Plays on, or plays something.",
        &[Parameter::optional("what", Kind::Text(2048), Unit::None)],
    )
    .matter(0x0506, 0x00);
    /// Pauses.
    pub static PAUSE: ActionSpec = ActionSpec::new("media.pause", "Pauses.", &[]).matter(0x0506, 0x01);
    /// Stops.
    pub static STOP: ActionSpec = ActionSpec::new("media.stop", "Stops.", &[]).matter(0x0506, 0x02);
    /// The one after.
    pub static NEXT: ActionSpec = ActionSpec::new("media.next", "Plays the next one.", &[]).matter(0x0506, 0x05);
    /// The one before.
    pub static PREVIOUS: ActionSpec =
        ActionSpec::new("media.previous", "Plays the one before.", &[]).matter(0x0506, 0x04);
    /// Presses a key of its remote control.
    pub static KEY: ActionSpec = ActionSpec::new(
        "media.key",
        "Presses a key of its remote control.",
        &[Parameter::required("key", Kind::Choice(KEYS), Unit::None)],
    )
    .matter(0x0509, 0x00);
    const KEYS: &[&str] = &[
        "select",
        "up",
        "down",
        "left",
        "right",
        "home",
        "menu",
        "back",
        "channel_up",
        "channel_down",
        "volume_up",
        "volume_down",
        "mute",
    ];
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "media",
        doc: "Plays sound or pictures.",
        properties: &[&STATE, &VOLUME, &MUTED, &TITLE, &SOURCE],
        actions: &[&PLAY, &PAUSE, &STOP, &NEXT, &PREVIOUS, &KEY],
        occurrences: &[],
    };
}

/// Sirens; Matter has no cluster for them.
pub mod siren {
    use super::*;
    /// Whether it sounds.
    pub static SOUNDING: PropertySpec = PropertySpec::bool("siren.sounding", "Whether it sounds.").settable();
    /// Sounds it.
    pub static SOUND: ActionSpec = ActionSpec::new(
        "siren.sound",
        "Sounds it.",
        &[
            Parameter::optional("tone", Kind::Text(64), Unit::None),
            Parameter::optional("volume", Kind::Number(Limits::new(0.0, 100.0)), Unit::Percent),
            Parameter::optional("duration", Kind::Number(Limits::new(1.0, 3600.0)), Unit::Second),
        ],
    );
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "siren",
        doc: "Makes a loud noise.",
        properties: &[&SOUNDING],
        actions: &[&SOUND],
        occurrences: &[],
    };
}
