use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

/// The beginnings of an event with these lines, in the second half of 2026.
fn starts(lines: &str) -> Vec<String> {
    let text = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bins\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        lines.replace('\n', "\r\n")
    );
    let (entries, unread) = entries(&text, &berlin(), at("2026-07-01T00:00:00Z"), at("2026-12-31T00:00:00Z"));
    assert_eq!(unread, 0, "{lines}");
    entries.iter().map(|entry| entry.start.to_string()).collect()
}

#[test]
fn an_entry_has_a_title_a_beginning_and_an_end() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Paper\\, glass and \n  plastic\nDTSTART;TZID=America/New_York:20260901T080000\nDURATION:PT1H30M\n\
                BEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:nonsense\nEND:VALARM\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:2\nSUMMARY:Holiday\nDTSTART;VALUE=DATE:20261003\nEND:VEVENT\nEND:VCALENDAR\n";
    let (entries, _) = entries(text, &berlin(), at("2026-07-01T00:00:00Z"), at("2026-12-31T00:00:00Z"));
    assert_eq!(entries[0].title, "Paper, glass and  plastic");
    assert_eq!((entries[0].start, entries[0].end), (at("2026-09-01T12:00:00Z"), at("2026-09-01T13:30:00Z")));
    assert_eq!((entries[1].start, entries[1].end), (at("2026-10-02T22:00:00Z"), at("2026-10-03T22:00:00Z")));
}

#[test]
fn what_comes_every_week_keeps_its_time_on_the_wall_over_a_change_of_clocks() {
    let found = starts("DTSTART;TZID=Europe/Berlin:20261012T070000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH;COUNT=5");
    assert_eq!(
        found,
        [
            "2026-10-12T05:00:00Z",
            "2026-10-15T05:00:00Z",
            "2026-10-19T05:00:00Z",
            "2026-10-22T05:00:00Z",
            "2026-10-26T06:00:00Z"
        ]
    );
}

/// From RFC 5545, section 3.8.5.3, moved to the years that are looked at.
#[test]
fn recurrences_come_as_the_specification_shows_them() {
    let days = |lines: &str| starts(lines).iter().map(|start| start[5..10].to_owned()).collect::<Vec<_>>().join(" ");
    let noon = "DTSTART:20260702T120000Z\nRRULE:";
    assert_eq!(days(&format!("{noon}FREQ=DAILY;INTERVAL=10;COUNT=3")), "07-02 07-12 07-22");
    assert_eq!(days(&format!("{noon}FREQ=DAILY;UNTIL=20260704T120000Z")), "07-02 07-03 07-04");
    assert_eq!(days(&format!("{noon}FREQ=WEEKLY;INTERVAL=2;COUNT=3")), "07-02 07-16 07-30");
    assert_eq!(days(&format!("{noon}FREQ=MONTHLY;BYDAY=-1FR;COUNT=3")), "07-31 08-28 09-25");
    assert_eq!(days(&format!("{noon}FREQ=MONTHLY;BYDAY=2MO;COUNT=2")), "07-13 08-10");
    assert_eq!(days(&format!("{noon}FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3")), "07-31 08-31 09-30");
    assert_eq!(days(&format!("{noon}FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3")), "07-31 08-31 09-30");
    assert_eq!(days(&format!("{noon}FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13")), "11-13");
    assert_eq!(days("DTSTART:20200831T120000Z\nRRULE:FREQ=MONTHLY"), "07-31 08-31 10-31 12-31".replace(" 12-31", ""));
    assert_eq!(days("DTSTART:20101124T120000Z\nRRULE:FREQ=YEARLY"), "11-24");
    assert_eq!(days("DTSTART:20101124T120000Z\nRRULE:FREQ=YEARLY;BYMONTH=9,10;BYDAY=1SU"), "09-06 10-04");
    assert_eq!(
        days("DTSTART:20260701T120000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=4"),
        "07-12 07-14 07-26 07-28"
    );
}

#[test]
fn single_ones_are_left_out_added_or_moved() {
    let text = "DTSTART:20261101T080000Z\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261102T080000Z\nRDATE:20261110T080000Z\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20261103T080000Z\nDTSTART:20261103T100000Z";
    assert_eq!(starts(text), ["2026-11-01T08:00:00Z", "2026-11-03T10:00:00Z", "2026-11-10T08:00:00Z"]);
    assert_eq!(starts("DTSTART:20261101T080000Z\nSTATUS:CANCELLED"), [""; 0]);
}

#[test]
fn what_is_not_understood_is_left_out_and_counted() {
    let text = "BEGIN:VEVENT\nDTSTART:20261101T080000Z\nRRULE:FREQ=HOURLY\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:tomorrow\nEND:VEVENT\n\
                BEGIN:VEVENT\nSUMMARY:Fine\nDTSTART:20261101T080000Z\nEND:VEVENT";
    let (entries, unread) = entries(text, &berlin(), at("2026-07-01T00:00:00Z"), at("2026-12-31T00:00:00Z"));
    assert_eq!((entries.len(), unread), (1, 2));
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC*") {
        entries(&text, &berlin(), at("2026-07-01T00:00:00Z"), at("2026-12-31T00:00:00Z"));
    }

    #[test]
    fn what_is_nearly_an_event_is_read_without_a_panic_and_in_bounds(
        lines in proptest::collection::vec(
            ("(DTSTART|DTEND|RRULE|EXDATE|RDATE|DURATION|RECURRENCE-ID)(;TZID=(Asia/Shanghai|x))?",
             "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL|COUNT|BYMONTH|BYMONTHDAY|BYSETPOS)=-?[0-9]{1,4}){0,3}(;BYDAY=(-1|2)?(MO|FR))?|[0-9]{8}(T[0-9]{6}Z?)?|P[0-9]{1,5}[DW])"),
            0..8)
    ) {
        let body: String = lines.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let text = format!("BEGIN:VEVENT\n{body}END:VEVENT\n");
        let (from, to) = (at("2026-07-01T00:00:00Z"), at("2026-12-31T00:00:00Z"));
        let (found, _) = entries(&text, &berlin(), from, to);
        prop_assert!(found.len() <= MOST);
        for entry in found {
            prop_assert!(entry.start <= to && entry.end >= from && entry.end >= entry.start, "{entry:?}");
        }
    }
}
