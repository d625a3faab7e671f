//! Some commands are always answered with "success", and say in the answer whether anything will come of it.

use crate::wire::{Request, Tlv};

/// What a cluster's answer says.
type Words = &'static [(u64, &'static str)];

/// Mode Base (§1.10.7.2) and the codes that robots add to it (§7.2.5.2, §7.3.5.2).
const MODE: Words = &[
    (1, "it has no such mode"),
    (2, "it failed"),
    (3, "it can't do that in the mode that it is in"),
    (64, "it is cleaning"),
    (65, "it is stuck"),
    (66, "its dust bin is missing"),
    (67, "its dust bin is full"),
    (68, "its water tank is empty"),
    (69, "its water tank is missing"),
    (70, "its water tank is open"),
    (71, "its mop is missing"),
    (72, "its battery is low"),
];

/// Operational State (§1.14.4.4) and the codes that robots add to it (§7.4.4.2).
const OPERATION: Words = &[
    (1, "it can't start or go on"),
    (2, "it can't finish"),
    (3, "it can't do that in the state that it is in"),
    (64, "it can't find its dock"),
    (65, "it is stuck"),
    (66, "its dust bin is missing"),
    (67, "its dust bin is full"),
    (68, "its water tank is empty"),
    (69, "its water tank is missing"),
    (70, "its water tank is open"),
    (71, "its mop is missing"),
    (72, "its battery is low"),
];

/// Service Area (§1.17.5.8).
const AREA: Words = &[
    (1, "it does not know one of these areas"),
    (2, "it can't do that in the mode that it is in"),
    (3, "it can't clean these areas together"),
];

/// Media Playback (§6.10.5.2).
const PLAYBACK: Words = &[
    (1, "it can't do that in the state that it is in"),
    (2, "it is not allowed to"),
    (3, "nothing is being played"),
    (4, "it can't play at that speed"),
    (5, "there is nothing at that place"),
];

/// Keypad Input (§6.8.5.2).
const KEYPAD: Words = &[(1, "it has no such key"), (2, "the key does nothing now")];

/// Why nothing will come of a command that was answered so; `None` where something will.
pub(crate) fn objection(request: &Request, answer: &Tlv) -> Option<String> {
    let Request::Invoke { cluster, .. } = request else { return None };
    let said = answer.field(0)?;
    let (words, code, own) = match *cluster {
        0x0050..=0x0052 | 0x0054 | 0x0055 | 0x0059 | 0x0049 | 0x005E | 0x009D..=0x009F => (MODE, said, answer.field(1)),
        0x0060 | 0x0061 | 0x0048 => (OPERATION, said.field(0)?, said.field(2).or_else(|| said.field(1))),
        0x0150 => (AREA, said, answer.field(1)),
        0x0506 => (PLAYBACK, said, None),
        0x0509 => (KEYPAD, said, None),
        _ => return None,
    };
    let code = code.as_uint().filter(|code| *code != 0)?;
    let own = own.and_then(Tlv::as_text).map(str::trim).filter(|text| !text.is_empty());
    let known = words.iter().find(|(known, _)| *known == code).map(|(_, words)| *words);
    // The device's own words say more than the code, where it has any.
    let reason = own.or(known).map(|reason| reason.chars().take(200).collect());
    Some(reason.unwrap_or_else(|| format!("it gives {code} as its reason")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objection_to(cluster: u32, answer: Vec<(u8, Tlv)>) -> Option<String> {
        let fields = Tlv::Struct(Vec::new());
        objection(&Request::Invoke { endpoint: 1, cluster, command: 0, fields, timed: None }, &Tlv::Struct(answer))
    }

    #[test]
    fn success_is_no_objection() {
        assert_eq!(objection_to(0x0054, vec![(0, Tlv::Uint(0))]), None);
        assert_eq!(objection_to(0x0060, vec![(0, Tlv::Struct(vec![(0, Tlv::Uint(0))]))]), None);
        assert_eq!(objection_to(0x0006, vec![]), None);
        // The status of a cluster that isn't known says nothing here.
        assert_eq!(objection_to(0xFFF1_FC00, vec![(0, Tlv::Uint(7))]), None);
    }

    #[test]
    fn a_robot_says_why_it_does_not_clean() {
        let reason = objection_to(0x0054, vec![(0, Tlv::Uint(67))]);
        assert_eq!(reason.as_deref(), Some("its dust bin is full"));
        let reason = objection_to(0x0054, vec![(0, Tlv::Uint(2)), (1, Tlv::text("The lid is open"))]);
        assert_eq!(reason.as_deref(), Some("The lid is open"));
        let state = Tlv::Struct(vec![(0, Tlv::Uint(0x85)), (1, Tlv::text("")), (2, Tlv::Null)]);
        assert_eq!(objection_to(0x0061, vec![(0, state)]).as_deref(), Some("it gives 133 as its reason"));
    }
}
