//! The past of the home: how it was at a moment, and what came after, as far as history tells.

use hub_model::{Home, Path, Reading, Role, Value, capability::Summary};
use hub_store::{Beginning, ReadError, Recorded, Replay, ReplayQuery};
use jiff::Timestamp;

use crate::session::{HistoryError, Session};

/// A part of the past.
#[derive(Debug)]
pub struct Past {
    /// The home as it was at its beginning: described as it is now, with the readings of then.
    pub home: Home,
    /// The properties of which history does not tell all.
    pub gaps: Vec<(Path, Gap)>,
    /// The properties that changes are told of, by their place.
    pub paths: Vec<Path>,
    replay: Replay,
}

/// What history does not tell of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// It isn't kept at all; what it is now is taken for what it was.
    NotKept,
    /// What it was at the beginning is not known; it is unknown until its first change.
    Beginning,
}

impl Past {
    /// The next pieces, in the order of time; `None` at the end. For a thread that may wait.
    pub fn blocking_next(&mut self) -> Option<Result<Vec<Recorded>, ReadError>> {
        self.replay.blocking_next()
    }
}

impl Session {
    /// A part of the past, with the rights of now: every device has to be one that the principal may see, and only an
    /// owner hears what was said to the rules. Dropping what it gives ends the reading.
    pub async fn past(&self, mut query: ReplayQuery) -> Result<Past, HistoryError> {
        let view = self.view();
        if query.from >= query.to {
            return Err(HistoryError::Span);
        }
        for path in &query.paths {
            let known = view.device(path.device).and_then(|known| known.reading(&path.endpoint, &path.property));
            known.ok_or_else(|| HistoryError::NoSuchProperty(path.property.to_string()))?;
        }
        if query.devices.iter().any(|device| view.device(*device).is_none()) {
            return Err(HistoryError::NoSuchDevice);
        }
        query.signals &= self.principal().role == Role::Owner;
        let (paths, from) = (query.paths.clone(), query.from);
        let replay = self.shared.store.replay(query).await?;
        let mut home = Home::clone(&view.home);
        let gaps = as_of(&mut home, &paths, &replay.beginning, from);
        Ok(Past { home, gaps, paths, replay })
    }
}

/// Puts the home back to how it was. What history says was before counts; a reading that is older than that moment still
/// was as it is now; else nobody knows.
fn as_of(home: &mut Home, paths: &[Path], beginning: &Beginning, from: Timestamp) -> Vec<(Path, Gap)> {
    let mut gaps = Vec::new();
    for (path, before) in paths.iter().zip(&beginning.values) {
        if !is_kept(home, path) {
            gaps.push((path.clone(), Gap::NotKept));
            continue;
        }
        let now = home.reading(path).cloned().unwrap_or(Reading::UNKNOWN);
        let reading = match before {
            Some((at, value)) => Reading { value: value.clone(), changed_at: Some(*at), reported_at: Some(*at) },
            None if now.changed_at.is_some_and(|changed| changed < from) => now,
            None => {
                if now.value != Value::Unknown {
                    gaps.push((path.clone(), Gap::Beginning));
                }
                Reading::UNKNOWN
            }
        };
        home.put_reading(path, reading);
    }
    for (device, reachable) in &beginning.reachable {
        if let Some(known) = home.device_mut(*device) {
            known.reachable = *reachable;
        }
    }
    gaps
}

fn is_kept(home: &Home, path: &Path) -> bool {
    let endpoint = home.device(path.device).and_then(|known| known.device.endpoint(&path.endpoint));
    let offer = endpoint.and_then(|endpoint| endpoint.offer(&path.property));
    offer.is_some_and(|offer| offer.summary() != Summary::None)
}

#[cfg(test)]
mod tests {
    use hub_model::{EndpointId, capability::brightness};

    use super::*;
    use crate::fixture::{at, read, say, with_lamp};

    fn level(home: &Home) -> Path {
        let device = home.by_handle("hall-lamp").unwrap().device.id;
        Path { device, endpoint: EndpointId::first(), property: (&brightness::LEVEL).into() }
    }

    fn put_back(before: Option<(Timestamp, Value)>, from: i64) -> (Reading, Vec<(Path, Gap)>) {
        let mut state = with_lamp();
        say(&mut state, "lamp", 100, read(&brightness::LEVEL, 40.0));
        let (mut home, path) = (state.home.clone(), level(&state.home));
        let beginning = Beginning { values: vec![before], reachable: vec![(path.device, false)] };
        let gaps = as_of(&mut home, std::slice::from_ref(&path), &beginning, at(from));
        assert!(!home.device(path.device).unwrap().reachable);
        assert_eq!(state.home.reading(&path).unwrap().value, Value::Number(40.0), "the home of now stays as it is");
        (home.reading(&path).unwrap().clone(), gaps)
    }

    #[test]
    fn what_history_says_was_before_counts() {
        let (reading, gaps) = put_back(Some((at(20), Value::Number(7.0))), 50);
        assert_eq!((reading.value, reading.changed_at), (Value::Number(7.0), Some(at(20))));
        assert_eq!(gaps, []);
    }

    #[test]
    fn a_reading_that_is_older_than_history_was_the_same_then() {
        let (reading, gaps) = put_back(None, 150);
        assert_eq!((reading.value, reading.changed_at), (Value::Number(40.0), Some(at(100))));
        assert_eq!(gaps, []);
    }

    #[test]
    fn what_nobody_knows_any_more_is_unknown_and_said_to_be() {
        let (reading, gaps) = put_back(None, 50);
        assert_eq!(reading, Reading::UNKNOWN);
        assert_eq!(gaps[0].1, Gap::Beginning);
    }
}
