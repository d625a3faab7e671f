//! What a report says, out of the library's types: attributes with their lists put together, events, versions of data.

use rs_matter::{
    error::Error,
    im::{AttrResp, EventResp, ReportDataResp},
};

use super::tlv;
use crate::wire::{AttributePath, AttributeReport, EventReport, Tlv};

/// The contents of one report, of however many messages.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Attributes, in the order in which they came.
    pub(crate) attributes: Vec<AttributeReport>,
    /// Events, in the order in which they came.
    pub(crate) events: Vec<EventReport>,
    /// How many values could not be read, or were refused by the device, or were too many.
    pub(crate) left_out: usize,
    /// It is the first after a long absence: its events are history.
    pub(crate) is_late: bool,
    /// How many values and items of lists it has.
    size: usize,
}

impl Gathered {
    /// No report has more values; a bridge with a hundred children has about 4,000. Messages are short, and so is a value.
    const MOST: usize = 32_768;

    /// Adds one message of a report. A value that can't be read is counted and left out; the others stand.
    pub(super) fn add(&mut self, report: &ReportDataResp<'_>) {
        for attribute in report.attr_reports.iter().flat_map(|reports| reports.iter()) {
            match attribute {
                Ok(AttrResp::Data(data)) => match path(&data.path).zip(tlv::read(&data.data).ok()) {
                    Some((path, value)) => {
                        let is_item = data.path.list_index.is_some();
                        self.put(AttributeReport { path, data_version: data.data_ver.unwrap_or(0), value }, is_item);
                    }
                    None => self.left_out += 1,
                },
                // A wildcard names much that a device lacks; what it refuses is no news.
                Ok(AttrResp::Status(_)) => {}
                Err(_) => self.left_out += 1,
            }
        }
        for event in report.event_reports.iter().flat_map(|reports| reports.iter()) {
            match event {
                Ok(EventResp::Data(data)) => match self.event(&data) {
                    Ok(Some(event)) if self.takes_room() => self.events.push(event),
                    Ok(Some(_)) => {}
                    Ok(None) | Err(_) => self.left_out += 1,
                },
                Ok(EventResp::Status(_)) => {}
                Err(_) => self.left_out += 1,
            }
        }
    }

    /// A list too long for one message comes empty first, and then item by item.
    fn put(&mut self, report: AttributeReport, is_item: bool) {
        if !self.takes_room() {
            return;
        }
        let begun = self.attributes.iter_mut().rev().find(|begun| begun.path == report.path);
        match (is_item, begun) {
            (true, Some(AttributeReport { value: Tlv::Array(items), .. })) => items.push(report.value),
            (true, _) => self.left_out += 1,
            (false, _) => self.attributes.push(report),
        }
    }

    /// Takes room for one more; counts it as left out where there is none.
    const fn takes_room(&mut self) -> bool {
        let has_room = self.size < Self::MOST;
        if has_room {
            self.size += 1;
        } else {
            self.left_out += 1;
        }
        has_room
    }

    fn event(&self, data: &rs_matter::im::EventData<'_>) -> Result<Option<EventReport>, Error> {
        let (Some(endpoint), Some(cluster), Some(event)) = (data.path.endpoint, data.path.cluster, data.path.event)
        else {
            return Ok(None);
        };
        let value = tlv::read(&data.data)?;
        Ok(Some(EventReport { endpoint, cluster, event, number: data.event_number, value }))
    }
}

fn path(path: &rs_matter::im::AttrPath) -> Option<AttributePath> {
    Some(AttributePath { endpoint: path.endpoint?, cluster: path.cluster?, attribute: path.attr? })
}
