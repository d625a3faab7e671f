//! What opens and closes.

use super::{ActionSpec, Capability, Kind, OccurrenceSpec, Parameter, PropertySpec, Summary};
use crate::Unit;

/// Blinds, curtains, garage doors (Matter Window Covering cluster, whose 100 % means closed: the other way round).
pub mod covering {
    use super::*;
    /// How far it is open, in %: 0 closed, 100 open.
    pub static POSITION: PropertySpec =
        PropertySpec::number("covering.position", "How far it is open.", Unit::Percent, 0.0, 100.0)
            .settable()
            .summarised(Summary::Last)
            .matter(0x0102, 0x000E);
    /// How far its slats are open, in %: 0 closed, 100 open.
    pub static TILT: PropertySpec =
        PropertySpec::number("covering.tilt", "How far its slats are open.", Unit::Percent, 0.0, 100.0)
            .settable()
            .summarised(Summary::Last)
            .matter(0x0102, 0x000F);
    /// What it does just now.
    pub static STATE: PropertySpec = PropertySpec::choice(
        "covering.state",
        "What it does just now.",
        &["open", "closed", "opening", "closing", "stopped"],
    )
    .matter(0x0102, 0x000A);
    /// Opens it all the way.
    pub static OPEN: ActionSpec = ActionSpec::new("covering.open", "Opens it all the way.", &[]).matter(0x0102, 0x00);
    /// Closes it all the way.
    pub static CLOSE: ActionSpec =
        ActionSpec::new("covering.close", "Closes it all the way.", &[]).matter(0x0102, 0x01);
    /// Stops it where it is.
    pub static STOP: ActionSpec = ActionSpec::new("covering.stop", "Stops it where it is.", &[]).matter(0x0102, 0x02);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "covering",
        doc: "Opens and closes.",
        properties: &[&POSITION, &TILT, &STATE],
        actions: &[&OPEN, &CLOSE, &STOP],
        occurrences: &[],
    };
}

/// Door locks (Matter Door Lock cluster).
pub mod lock {
    use super::*;
    /// What the lock says of itself.
    pub static STATE: PropertySpec = PropertySpec::choice(
        "lock.state",
        "Whether it is locked.",
        &["locked", "unlocked", "locking", "unlocking", "jammed", "open"],
    )
    .matter(0x0101, 0x0000);
    /// What locked or unlocked it last: `hand` is the knob or key, `remote` whatever sends commands, this hub among them.
    pub static OPERATED_BY: PropertySpec = PropertySpec::choice(
        "lock.operated_by",
        "What locked or unlocked it last.",
        &["hand", "keypad", "card", "finger", "phone", "remote", "button", "schedule", "auto", "other"],
    );
    /// Whose code, card or finger that was: the number of that user in the lock; unknown where it was nobody's.
    pub static USER: PropertySpec =
        PropertySpec::number("lock.user", "The user in the lock who operated it last.", Unit::None, 1.0, 65_534.0)
            .summarised(Summary::Last);
    const PIN: Parameter = Parameter::optional("pin", Kind::Text(32), Unit::None).secret();
    /// Locks it.
    pub static LOCK: ActionSpec = ActionSpec::new("lock.lock", "Locks it.", &[PIN]).matter(0x0101, 0x00);
    /// Unlocks it; some locks ask for a PIN.
    pub static UNLOCK: ActionSpec = ActionSpec::new("lock.unlock", "Unlocks it.", &[PIN]).matter(0x0101, 0x01);
    /// Unlocks it and pulls the latch, so that the door opens. Matter's "unlock" does so where there is a bolt; there
    /// "unbolt" is what unlocks.
    pub static UNLATCH: ActionSpec =
        ActionSpec::new("lock.unlatch", "Unlocks it and pulls the latch.", &[PIN]).matter(0x0101, 0x01);
    /// Somebody entered a wrong code, too often.
    pub static WRONG_CODE: OccurrenceSpec =
        OccurrenceSpec::new("lock.wrong_code", "Somebody entered a wrong code.").matter(0x0101, 0x00);
    /// The door was opened although it was locked.
    pub static FORCED: OccurrenceSpec =
        OccurrenceSpec::new("lock.forced", "The door was forced open.").matter(0x0101, 0x00);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "lock",
        doc: "Locks a door.",
        properties: &[&STATE, &OPERATED_BY, &USER],
        actions: &[&LOCK, &UNLOCK, &UNLATCH],
        occurrences: &[&WRONG_CODE, &FORCED],
    };
}
