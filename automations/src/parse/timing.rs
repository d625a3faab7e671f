//! Reads triggers of time.

use super::fields::Fields;
use crate::{
    days::Days,
    rule::{CronLine, Edge, Said, Timing},
    sun::SunEvent,
};

/// Reads what the chief key of a trigger says of time.
pub(super) fn read(fields: &Fields<'_>, chief: &'static str) -> Option<Said<Timing>> {
    let timing = match chief {
        "every" => every(fields)?,
        "cron" => Timing::Cron(fields.parsed::<CronLine>("cron")?.value),
        "date" => {
            let (day, at) = fields.moment("date")?;
            Timing::Date { year: day.year, month: day.month, day: day.day, at }
        }
        "sun" => sun(fields)?,
        "calendar" => calendar(fields)?,
        _ => Timing::Daily { at: fields.clock("at")?, days: days(fields)? },
    };
    Some(Said { value: timing, spot: fields.key_spot(chief) })
}

fn days(fields: &Fields<'_>) -> Option<Days> {
    if fields.has("days") { fields.days("days") } else { Some(Days::ALL) }
}

fn every(fields: &Fields<'_>) -> Option<Timing> {
    let span = fields.span("every")?;
    if span.as_secs() == 0 {
        fields.fault_at("every", "`every` takes a second or more");
        return None;
    }
    Some(Timing::Every(span))
}

fn sun(fields: &Fields<'_>) -> Option<Timing> {
    let word = fields.word("sun")?;
    let event = SunEvent::ALL.into_iter().find(|(_, known)| *known == word)?.0;
    Some(Timing::Sun { event, offset: fields.offset("offset")?, days: days(fields)? })
}

fn calendar(fields: &Fields<'_>) -> Option<Timing> {
    let offset = fields.offset("offset")?;
    if !fields.is_table("calendar") {
        let calendar = fields.text("calendar")?.value.into();
        return Some(Timing::Calendar { calendar, edge: Edge::Start, offset, title: None });
    }
    let table = fields.table("calendar")?;
    let edge = if table.has("at") && table.word("at")? == "end" { Edge::End } else { Edge::Start };
    let title = table.text("title").map(|said| said.value.into());
    Some(Timing::Calendar { calendar: table.text("name")?.value.into(), edge, offset, title })
}
