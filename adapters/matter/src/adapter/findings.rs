//! What a node's own diagnostics say, in words. Pure.

use adapter_api::Finding;

use crate::{
    utility::BASIC,
    wire::{AttributeReport, Tlv},
};

const UPDATE: u32 = 0x2A;
const GENERAL: u32 = 0x33;
const THREAD: u32 = 0x35;
const WIFI: u32 = 0x36;
const ETHERNET: u32 = 0x37;

/// Where diagnostics are: Basic Information, OTA Requestor, and those of the device and of its radio.
pub(super) const CLUSTERS: &[u32] = &[BASIC, UPDATE, GENERAL, THREAD, WIFI, ETHERNET];

/// How an attribute is put into words.
type Words = fn(&Tlv) -> Option<String>;

/// Cluster, attribute, what it is about, and how it is said.
const ROWS: &[(u32, u32, &str, Words)] = &[
    (BASIC, 0x02, "vendor number", number),
    (BASIC, 0x04, "product number", number),
    (BASIC, 0x0A, "firmware", text),
    (BASIC, 0x09, "firmware number", number),
    (BASIC, 0x08, "hardware", text),
    (UPDATE, 0x02, "update", update),
    (UPDATE, 0x03, "update progress", percent),
    (GENERAL, 0x00, "network", interfaces),
    (GENERAL, 0x01, "restarts", number),
    (GENERAL, 0x02, "up time", seconds),
    (GENERAL, 0x03, "hours of operation", number),
    (GENERAL, 0x04, "last restart", boot_reason),
    (GENERAL, 0x05, "hardware faults", faults),
    (GENERAL, 0x06, "radio faults", faults),
    (GENERAL, 0x07, "network faults", faults),
    (WIFI, 0x03, "Wi-Fi channel", number),
    (WIFI, 0x04, "Wi-Fi signal", decibels),
    (THREAD, 0x00, "Thread channel", number),
    (THREAD, 0x01, "Thread role", thread_role),
    (THREAD, 0x02, "Thread network", text),
    (ETHERNET, 0x00, "Ethernet speed", ethernet_speed),
];

/// What the reports say, in the order of the rows.
pub(super) fn of(reports: &[AttributeReport]) -> Vec<Finding> {
    let finding = |&(cluster, attribute, name, words): &(u32, u32, &'static str, Words)| {
        let about = |report: &&AttributeReport| report.path.cluster == cluster && report.path.attribute == attribute;
        let value = words(&reports.iter().find(about)?.value)?;
        Some(Finding { name: name.into(), value })
    };
    ROWS.iter().filter_map(finding).collect()
}

fn text(value: &Tlv) -> Option<String> {
    value.as_text().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn number(value: &Tlv) -> Option<String> {
    value.as_int().map(|number| number.to_string())
}

fn percent(value: &Tlv) -> Option<String> {
    value.as_uint().map(|number| format!("{number} %"))
}

fn decibels(value: &Tlv) -> Option<String> {
    value.as_int().map(|number| format!("{number} dBm"))
}

fn seconds(value: &Tlv) -> Option<String> {
    let seconds = value.as_uint()?;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    Some(match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} days {hours} h"),
    })
}

fn faults(value: &Tlv) -> Option<String> {
    let codes: Vec<String> = value.items().iter().filter_map(number).collect();
    (!codes.is_empty()).then(|| codes.join(", "))
}

fn interfaces(value: &Tlv) -> Option<String> {
    let running = value.items().iter().filter(|one| one.field(1).and_then(Tlv::as_bool) == Some(true));
    let named: Vec<String> = running
        .filter_map(|one| {
            let kind = word(one.field(7)?, &["other", "Wi-Fi", "Ethernet", "cellular", "Thread"])?;
            Some(format!("{} ({kind})", one.field(0)?.as_text()?))
        })
        .collect();
    (!named.is_empty()).then(|| named.join(", "))
}

fn update(value: &Tlv) -> Option<String> {
    const WORDS: &[&str] = &[
        "unknown",
        "none is under way",
        "looking for one",
        "one waits to be looked for",
        "downloading",
        "installing",
        "one waits to be installed",
        "going back to the last version",
        "one waits for consent",
    ];
    word(value, WORDS)
}

fn boot_reason(value: &Tlv) -> Option<String> {
    const WORDS: &[&str] = &[
        "for an unknown reason",
        "it was switched on",
        "its supply broke in",
        "its watchdog in software",
        "its watchdog in hardware",
        "an update",
        "it was told to",
    ];
    word(value, WORDS)
}

fn thread_role(value: &Tlv) -> Option<String> {
    word(value, &["unspecified", "none", "sleepy end device", "end device", "reachable end device", "router", "leader"])
}

fn ethernet_speed(value: &Tlv) -> Option<String> {
    word(
        value,
        &["10 Mbit/s", "100 Mbit/s", "1 Gbit/s", "2.5 Gbit/s", "5 Gbit/s", "10 Gbit/s", "40 Gbit/s", "100 Gbit/s"],
    )
}

fn word(value: &Tlv, words: &[&str]) -> Option<String> {
    words.get(usize::try_from(value.as_uint()?).ok()?).map(|word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::AttributePath;

    fn report(cluster: u32, attribute: u32, value: Tlv) -> AttributeReport {
        AttributeReport { path: AttributePath::new(0, cluster, attribute), data_version: 1, value }
    }

    #[test]
    fn diagnostics_are_said_in_words_and_what_makes_no_sense_is_left_out() {
        let interface = Tlv::Struct(vec![(0, Tlv::text("wlan0")), (1, Tlv::Bool(true)), (7, Tlv::Uint(1))]);
        let reports = [
            report(GENERAL, 2, Tlv::Uint(273_600)),
            report(GENERAL, 0, Tlv::Array(vec![interface])),
            report(GENERAL, 4, Tlv::Uint(99)),
            report(WIFI, 4, Tlv::Int(-61)),
            report(BASIC, 0x0A, Tlv::text("1.4.2")),
            report(WIFI, 3, Tlv::Null),
        ];
        let said: Vec<String> = of(&reports).iter().map(|one| format!("{}: {}", one.name, one.value)).collect();
        assert_eq!(said, ["firmware: 1.4.2", "network: wlan0 (Wi-Fi)", "up time: 3 days 4 h", "Wi-Fi signal: -61 dBm"]);
    }
}
