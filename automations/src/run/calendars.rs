//! The calendars that rules look at: files of a folder, and files of servers, which are kept for when a server is away.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hub_core::Session;
use hub_model::handle::slug;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use smol_str::SmolStr;
use tokio::{sync::mpsc, task, time::sleep};

use super::{Inlet, Setup, http::Web};
use crate::calendar::{
    Calendars,
    ics::{self, LARGEST},
};

/// From one look at the files to the next.
const LOOK: Duration = Duration::from_secs(60);
/// So many looks pass between two readings of a server, and so that entries far ahead come near.
const LOOKS_TO_FETCH: u32 = 30;
/// What every calendar has in it.
const BEGINNING: &str = "BEGIN:VCALENDAR";
const NO_CALENDAR: &str = "it is no calendar";
/// How far back and ahead entries are kept.
const BACK: SignedDuration = SignedDuration::from_hours(48);
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 60);

/// The calendars.
pub(super) struct Shelf {
    folder: Option<PathBuf>,
    urls: Vec<(String, String)>,
    web: Arc<Web>,
    session: Session,
    /// The way to the engine; away when the rules end.
    inlet: mpsc::WeakSender<Inlet>,
    known: Calendars,
    /// What can't be read and was told.
    told: BTreeMap<SmolStr, String>,
}

impl Shelf {
    pub(super) fn new(setup: &Setup, web: Arc<Web>, session: Session, inlet: mpsc::WeakSender<Inlet>) -> Self {
        let (folder, urls) = (setup.calendars.clone(), setup.calendar_urls.clone());
        Self { folder, urls, web, session, inlet, known: Calendars::new(), told: BTreeMap::new() }
    }

    /// Reads them, and again and again, until the rules end.
    pub(super) async fn keep(mut self) {
        let Some(folder) = self.folder.clone() else { return };
        for look in 0_u32.. {
            // What is here first: a server that is away would hold it up.
            if !self.look(&folder).await {
                return;
            }
            if look % LOOKS_TO_FETCH == 0 && !self.urls.is_empty() {
                self.fetch(&folder).await;
                if !self.look(&folder).await {
                    return;
                }
            }
            sleep(LOOK).await;
        }
    }

    /// Reads the files, and tells the engine where something else stands in them; false where the rules have ended.
    async fn look(&mut self, folder: &Path) -> bool {
        let (path, zone, now) = (folder.to_owned(), self.session.view().home.zone.clone(), Timestamp::now());
        let known = self.known.clone();
        let read = task::spawn_blocking(move || read_anew(&path, &zone, (now, now), &known)).await;
        let Ok((calendars, faults)) = read else { return false };
        self.tell(faults);
        if calendars != self.known {
            self.known.clone_from(&calendars);
            let Some(inlet) = self.inlet.upgrade() else { return false };
            return inlet.send(Inlet::Calendars(calendars)).await.is_ok();
        }
        self.inlet.strong_count() > 0
    }

    /// Brings the calendars of servers into the folder. One that can't be had stays as it was.
    async fn fetch(&mut self, folder: &Path) {
        let mut faults = BTreeMap::new();
        for (name, url) in &self.urls {
            let got = match self.web.get(url, LARGEST).await {
                Ok(text) if text.contains(BEGINNING) => put(folder, name, &text),
                Ok(_) => Err(NO_CALENDAR.to_owned()),
                Err(error) => Err(error),
            };
            if let Err(error) = got {
                faults.insert(SmolStr::from(name.as_str()), error);
            }
        }
        self.tell(faults);
    }

    /// Logs what is wrong, once.
    fn tell(&mut self, faults: BTreeMap<SmolStr, String>) {
        for (calendar, error) in faults {
            if self.told.get(&calendar) != Some(&error) {
                tracing::warn!(%calendar, error, "A calendar can't be read; what was read of it before stays.");
                self.told.insert(calendar, error);
            }
        }
    }
}

fn put(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    let written = fs::create_dir_all(folder).and_then(|()| {
        let fresh = folder.join(format!(".{name}.new"));
        fs::write(&fresh, text)?;
        fs::rename(fresh, folder.join(format!("{name}.ics")))
    });
    written.map_err(|error| error.to_string())
}

/// Every `*.ics` of a folder, by the slug of its name, with its entries around a span. A folder that is not there has
/// none.
pub(super) fn read_all(folder: &Path, zone: &TimeZone, span: (Timestamp, Timestamp)) -> Calendars {
    read_anew(folder, zone, span, &Calendars::new()).0
}

/// The same, and why some can't be read: those stay as they were known.
fn read_anew(
    folder: &Path,
    zone: &TimeZone,
    (begin, end): (Timestamp, Timestamp),
    known: &Calendars,
) -> (Calendars, BTreeMap<SmolStr, String>) {
    let (mut calendars, mut faults) = (Calendars::new(), BTreeMap::new());
    let files = match fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (calendars, faults),
        Err(error) => {
            faults.insert(folder.to_string_lossy().into(), error.to_string());
            return (known.clone(), faults);
        }
    };
    // By whole days, so that the list stays the same from one look to the next.
    let day = |at: Timestamp| at.to_zoned_datetime(zone.clone()).start_of_day().map_or(at, |day| day.timestamp());
    let from = day(begin).checked_sub(BACK).unwrap_or(begin);
    let to = day(end).checked_add(AHEAD).unwrap_or(end);
    for path in files.flatten().map(|file| file.path()) {
        let is_hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        if is_hidden || path.extension().is_none_or(|extension| extension != "ics") {
            continue;
        }
        let name: SmolStr = slug(&path.file_stem().unwrap_or_default().to_string_lossy()).into();
        match read(&path) {
            Ok(text) => {
                let (entries, unread) = ics::entries(&text, zone, from, to);
                if unread > 0 {
                    faults.insert(name.clone(), format!("{unread} of its events are not understood"));
                }
                calendars.insert(name, entries.into());
            }
            Err(error) => {
                calendars.extend(known.get(&name).map(|entries| (name.clone(), entries.clone())));
                faults.insert(name, error);
            }
        }
    }
    (calendars, faults)
}

fn read(path: &Path) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > LARGEST as u64 {
        return Err(format!("it has more than {LARGEST} bytes"));
    }
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    // Whoever writes it may be in the middle of it.
    if text.contains(BEGINNING) { Ok(text) } else { Err(NO_CALENDAR.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Paper\nDTSTART:20261123T130000Z\n\
                        DTEND:20261123T140000Z\nEND:VEVENT\nEND:VCALENDAR\n";

    #[test]
    fn a_calendar_that_can_not_be_read_stays_as_it_was_known() {
        let folder = tempfile::tempdir().unwrap();
        let (path, now) = (folder.path().join("calendars"), "2026-11-23T12:00:00Z".parse().unwrap());
        let look = |known: &Calendars| read_anew(&path, &TimeZone::UTC, (now, now), known);
        assert_eq!(look(&Calendars::new()), Default::default(), "without a folder there is none");
        fs::create_dir(&path).unwrap();
        for name in ["bins.ics", "School days.ics"] {
            fs::write(path.join(name), TEXT).unwrap();
        }
        let (known, faults) = look(&Calendars::new());
        assert_eq!(
            (known.keys().map(SmolStr::as_str).collect::<Vec<_>>(), faults.len()),
            (vec!["bins", "school-days"], 0)
        );
        assert_eq!(known["bins"].len(), 1);
        // Half written, and no text at all.
        for bad in [&b"BEGIN:VCAL"[..], &[0xff, 0xfe]] {
            fs::write(path.join("bins.ics"), bad).unwrap();
            let (again, faults) = look(&known);
            assert_eq!((again, faults.len()), (known.clone(), 1));
        }
        fs::remove_file(path.join("bins.ics")).unwrap();
        assert_eq!(look(&known).0.len(), 1, "one that was removed is gone");
        fs::remove_dir_all(&path).unwrap();
        fs::write(&path, "no folder").unwrap();
        let (again, faults) = look(&known);
        assert_eq!((again, faults.len()), (known, 1));
    }
}
