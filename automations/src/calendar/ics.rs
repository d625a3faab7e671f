//! Reads iCalendar files (RFC 5545), as far as rules look: titles, beginnings, ends, and what comes again.

use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

use super::{
    Entry,
    recur::{Recurrence, Starts},
};

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 4 << 20;
/// So many entries of one calendar are kept at most, the earliest first.
const MOST: usize = 10_000;

/// A line of a file: a name, its parameters, and a value.
struct Line {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

/// An event as its lines say it.
#[derive(Default)]
struct Event {
    uid: String,
    title: String,
    start: Option<Moment>,
    end: Option<Moment>,
    lasts: Option<Span>,
    rule: Option<String>,
    more: Vec<Moment>,
    without: Vec<Moment>,
    /// Which one of those that come again this stands for.
    instead_of: Option<Moment>,
    cancelled: bool,
}

/// A date, or a date with a time in some zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    pub(super) clock: DateTime,
    pub(super) is_date: bool,
    pub(super) zone: TimeZone,
}

impl Moment {
    pub(super) fn at(&self) -> Option<Timestamp> {
        self.zone.to_ambiguous_timestamp(self.clock).compatible().ok()
    }
}

/// What is in a calendar between two moments, in the order of its beginnings. An event that can't be understood is left
/// out, and counted in the second part.
pub fn entries(text: &str, home: &TimeZone, from: Timestamp, to: Timestamp) -> (Vec<Entry>, usize) {
    let (events, mut unread) = events(text, home);
    let replaced: Vec<_> =
        events.iter().filter_map(|event| Some((event.uid.clone(), event.instead_of.as_ref()?.at()?))).collect();
    let mut entries = Vec::new();
    for event in events {
        let uid = event.uid.clone();
        let is_replaced = |at: Timestamp| replaced.iter().any(|(of, start)| *of == uid && *start == at);
        match event.entries(from, to, is_replaced) {
            Some(more) => entries.extend(more),
            None => unread += 1,
        }
    }
    entries.sort_by(|a, b| (a.start, &a.title).cmp(&(b.start, &b.title)));
    entries.truncate(MOST);
    (entries, unread)
}

fn events(text: &str, home: &TimeZone) -> (Vec<Event>, usize) {
    let (mut events, mut unread) = (Vec::new(), 0);
    let mut open: Option<(Event, bool)> = None;
    let mut inner = 0_usize;
    for line in lines(text) {
        let is_event = line.value.eq_ignore_ascii_case("VEVENT");
        match (line.name.as_str(), &mut open) {
            ("BEGIN", None) if is_event => open = Some((Event::default(), true)),
            // An alarm within an event has lines of the same names.
            ("BEGIN", Some(_)) => inner += 1,
            ("END", Some(_)) if inner > 0 => inner -= 1,
            ("END", Some(_)) if is_event => {
                if let Some((event, sound)) = open.take() {
                    if sound { events.push(event) } else { unread += 1 }
                }
            }
            (_, Some((event, sound))) if inner == 0 => *sound &= event.take(&line, home).is_some(),
            _ => {}
        }
    }
    (events, unread)
}

/// The lines, with those put together that were folded (RFC 5545, section 3.1).
fn lines(text: &str) -> impl Iterator<Item = Line> {
    let mut whole: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix([' ', '\t']), whole.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => whole.push(line.to_owned()),
        }
    }
    whole.into_iter().filter_map(|line| Line::of(&line))
}

impl Line {
    fn of(text: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = text.find(|letter| {
            quoted ^= letter == '"';
            letter == ':' && !quoted
        })?;
        let (head, value) = (&text[..colon], &text[colon + 1..]);
        let mut parts = head.split(';');
        let name = parts.next()?.trim().to_ascii_uppercase();
        let parameter = |part: &str| {
            let (name, value) = part.split_once('=')?;
            Some((name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
        };
        Some(Self { name, parameters: parts.filter_map(parameter).collect(), value: value.to_owned() })
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The moments of the line; a zone that nobody knows is taken for the home's.
    fn moments(&self, home: &TimeZone) -> Option<Vec<Moment>> {
        let zone = self.parameter("TZID").and_then(|name| TimeZone::get(name).ok());
        let zone = zone.unwrap_or_else(|| home.clone());
        self.value.split(',').map(|text| moment(text.trim(), &zone)).collect()
    }
}

/// `20261224`, `20261224T180000` or `20261224T180000Z`.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Option<Moment> {
    let (text, zone) = match text.strip_suffix('Z') {
        Some(text) => (text, TimeZone::UTC),
        None => (text, zone.clone()),
    };
    let number = |text: &str| {
        let sound = text.bytes().all(|byte| byte.is_ascii_digit());
        if sound { text.parse::<i16>().ok() } else { None }
    };
    let small = |text: Option<&str>| i8::try_from(number(text?)?).ok();
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    if day.len() != 8 {
        return None;
    }
    let date = Date::new(number(day.get(..4)?)?, small(day.get(4..6))?, small(day.get(6..8))?).ok()?;
    let clock = match time {
        None => Time::midnight(),
        Some(time) if time.len() == 6 => {
            // A leap second is the last second.
            Time::new(small(time.get(..2))?, small(time.get(2..4))?, small(time.get(4..6))?.min(59), 0).ok()?
        }
        Some(_) => return None,
    };
    Some(Moment { clock: date.to_datetime(clock), is_date: time.is_none(), zone })
}

/// Takes the marks away that a text has in a file (RFC 5545, section 3.3.11).
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            other => plain.push(other),
        }
    }
    plain
}

impl Event {
    /// Takes a line; nothing where it can't be understood and matters.
    fn take(&mut self, line: &Line, home: &TimeZone) -> Option<()> {
        let one = |line: &Line| line.moments(home)?.into_iter().next();
        match line.name.as_str() {
            "UID" => self.uid.clone_from(&line.value),
            "SUMMARY" => self.title = plain(&line.value),
            "DTSTART" => self.start = Some(one(line)?),
            "DTEND" => self.end = Some(one(line)?),
            "DURATION" => self.lasts = Some(line.value.parse().ok()?),
            "RRULE" => self.rule = Some(line.value.clone()),
            "RDATE" => self.more.extend(line.moments(home)?),
            "EXDATE" => self.without.extend(line.moments(home)?),
            "RECURRENCE-ID" => self.instead_of = Some(one(line)?),
            "STATUS" => self.cancelled = line.value.eq_ignore_ascii_case("CANCELLED"),
            _ => {}
        }
        Some(())
    }

    fn entries(self, from: Timestamp, to: Timestamp, is_replaced: impl Fn(Timestamp) -> bool) -> Option<Vec<Entry>> {
        let start = self.start.clone()?;
        if self.cancelled {
            return Some(Vec::new());
        }
        let lasts = self.lasts(&start)?;
        let mut starts: Vec<Moment> = match &self.rule {
            None => vec![start.clone()],
            Some(rule) => {
                let until = to.to_zoned_datetime(start.zone.clone()).date();
                Starts::new(Recurrence::parse(rule, &start.zone)?, start.clone(), until).collect()
            }
        };
        starts.extend(self.more.iter().cloned());
        let without: Vec<_> = self.without.iter().filter_map(Moment::at).collect();
        let is_instead = self.instead_of.is_some();
        let entry = |moment: &Moment| {
            let start = moment.at()?;
            let end = moment.zone.to_ambiguous_timestamp(moment.clock.checked_add(lasts).ok()?).compatible().ok()?;
            let is_out = without.contains(&start) || (!is_instead && is_replaced(start));
            let is_near = end >= from && start <= to;
            (is_near && !is_out).then(|| Entry { title: self.title.clone(), start, end: end.max(start) })
        };
        let mut entries: Vec<_> = starts.iter().filter_map(entry).collect();
        entries.dedup();
        Some(entries)
    }

    /// How long it lasts: a date without an end lasts its day, a time none (RFC 5545, section 3.6.1).
    fn lasts(&self, start: &Moment) -> Option<Span> {
        match (&self.end, self.lasts) {
            (Some(end), _) if end.zone == start.zone => start.clock.until(end.clock).ok(),
            (Some(end), _) => {
                let passed: SignedDuration = end.at()?.duration_since(start.at()?);
                Span::try_from(passed).ok()
            }
            (None, Some(lasts)) => Some(lasts),
            (None, None) if start.is_date => Some(Span::new().days(1)),
            (None, None) => Some(Span::new()),
        }
    }
}

#[cfg(test)]
mod tests;
