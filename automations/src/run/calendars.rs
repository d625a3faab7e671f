//! The calendars that rules look at: files of a folder, and files of servers, which are kept for when a server is away.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hub_core::Session;
use hub_model::handle::slug;
use jiff::{SignedDuration, Timestamp};
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
        let mut looks = 0;
        loop {
            if looks % LOOKS_TO_FETCH == 0 {
                self.fetch(&folder).await;
            }
            looks += 1;
            let zone = self.session.view().home.zone.clone();
            let path = folder.clone();
            let now = Timestamp::now();
            let read = task::spawn_blocking(move || read_all(&path, &zone, (now, now))).await;
            let Ok((calendars, faults)) = read else { return };
            self.tell(faults);
            if calendars != self.known {
                self.known.clone_from(&calendars);
                let Some(inlet) = self.inlet.upgrade() else { return };
                if inlet.send(Inlet::Calendars(calendars)).await.is_err() {
                    return;
                }
            }
            if self.inlet.strong_count() == 0 {
                return;
            }
            sleep(LOOK).await;
        }
    }

    /// Brings the calendars of servers into the folder. One that can't be had stays as it was.
    async fn fetch(&mut self, folder: &Path) {
        let mut faults = BTreeMap::new();
        for (name, url) in &self.urls {
            let got = match self.web.get(url, LARGEST).await {
                Ok(text) if text.contains("BEGIN:VCALENDAR") => put(folder, name, &text),
                Ok(_) => Err("it is no calendar".to_owned()),
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
pub(super) fn read_all(
    folder: &Path,
    zone: &jiff::tz::TimeZone,
    (begin, end): (Timestamp, Timestamp),
) -> (Calendars, BTreeMap<SmolStr, String>) {
    let (mut calendars, mut faults) = (Calendars::new(), BTreeMap::new());
    let Ok(files) = fs::read_dir(folder) else { return (calendars, faults) };
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
            Err(error) => drop(faults.insert(name, error)),
        }
    }
    (calendars, faults)
}

fn read(path: &Path) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > LARGEST as u64 {
        return Err(format!("it has more than {LARGEST} bytes"));
    }
    fs::read_to_string(path).map_err(|error| error.to_string())
}
