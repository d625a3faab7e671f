//! Means of numbers over the last while, weighted by time. Each takes the same small room, however often its number
//! changes: the span is cut into slices, and of each only the sum is kept.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use hub_model::{Home, Path, Value};
use jiff::{SignedDuration, Timestamp};

use super::timers::shifted;

/// A span is cut into so many slices; a mean forgets what is old by a whole slice.
const SLICES: i64 = 60;

/// The means that some condition asks for.
#[derive(Debug, Default)]
pub(super) struct Windows {
    by_path: HashMap<Path, Vec<Window>>,
}

#[derive(Debug)]
struct Window {
    over: Duration,
    users: usize,
    /// What the number is, where it is known, and until when it is in the slices.
    now: Option<f64>,
    until: Timestamp,
    /// The newest last: where it begins, the sum of number and seconds, and how many seconds it was known.
    slices: VecDeque<Slice>,
}

#[derive(Debug, Clone, Copy)]
struct Slice {
    from: Timestamp,
    sum: f64,
    seconds: f64,
}

impl Windows {
    /// Begins a mean. The number is taken to have been what it is since it last changed.
    pub(super) fn watch(&mut self, path: &Path, over: Duration, home: &Home, now: Timestamp) {
        let windows = self.by_path.entry(path.clone()).or_default();
        if let Some(window) = windows.iter_mut().find(|window| window.over == over) {
            window.users += 1;
            return;
        }
        let reading = home.reading(path);
        let number = reading.and_then(|reading| reading.value.as_number());
        let since = reading.and_then(|reading| reading.changed_at).unwrap_or(now).min(now);
        let oldest = now.checked_sub(over).unwrap_or(now);
        let mut window = Window { over, users: 1, now: number, until: since.max(oldest), slices: VecDeque::new() };
        window.go_on(now);
        windows.push(window);
    }

    /// Ends what [`Windows::watch`] began.
    pub(super) fn forget(&mut self, path: &Path, over: Duration) {
        let Some(windows) = self.by_path.get_mut(path) else { return };
        if let Some(at) = windows.iter().position(|window| window.over == over) {
            windows[at].users -= 1;
            if windows[at].users == 0 {
                windows.swap_remove(at);
            }
        }
        if windows.is_empty() {
            self.by_path.remove(path);
        }
    }

    /// Notes that a number is another one since a moment.
    pub(super) fn change(&mut self, path: &Path, new: &Value, at: Timestamp) {
        for window in self.by_path.get_mut(path).into_iter().flatten() {
            window.go_on(at);
            window.now = new.as_number();
        }
    }

    /// The mean until now; `None` where the number was never known in that time.
    pub(super) fn mean(&self, path: &Path, over: Duration, now: Timestamp) -> Option<f64> {
        self.window(path, over)?.mean(now)
    }

    /// When a mean is another one though the number stays: at the next slice.
    pub(super) fn turns_at(&self, path: &Path, over: Duration, now: Timestamp) -> Option<Timestamp> {
        let window = self.window(path, over)?;
        let (mean, number) = (window.mean(now)?, window.now?);
        let moves = (mean - number).abs() > 1e-9 * number.abs().max(1.0);
        moves.then(|| now.checked_add(window.slice()).ok()).flatten()
    }

    /// Moves all with a clock that was set.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        for window in self.by_path.values_mut().flatten() {
            window.until = shifted(window.until, by);
            for slice in &mut window.slices {
                slice.from = shifted(slice.from, by);
            }
        }
    }

    fn window(&self, path: &Path, over: Duration) -> Option<&Window> {
        self.by_path.get(path)?.iter().find(|window| window.over == over)
    }
}

impl Window {
    fn slice(&self) -> SignedDuration {
        let nanos = i64::try_from(self.over.as_nanos()).unwrap_or(i64::MAX) / SLICES;
        SignedDuration::from_nanos(nanos.max(1_000_000))
    }

    /// Puts the time since the last change into the slices.
    fn go_on(&mut self, at: Timestamp) {
        // What is older than the whole span would only be forgotten again.
        let oldest = at.checked_sub(self.over).unwrap_or(at);
        self.until = self.until.max(oldest);
        while self.until < at {
            let newest = self.slices.back().map(|slice| slice.from).filter(|from| self.until < self.end_of(*from));
            let from = newest.unwrap_or(self.until);
            let end = self.end_of(from).min(at);
            if newest.is_none() {
                self.slices.push_back(Slice { from, sum: 0.0, seconds: 0.0 });
            }
            let seconds = end.duration_since(self.until).as_secs_f64();
            if let (Some(number), Some(slice)) = (self.now, self.slices.back_mut()) {
                slice.sum += number * seconds;
                slice.seconds += seconds;
            }
            self.until = end;
        }
        while self.slices.front().is_some_and(|slice| self.end_of(slice.from) <= oldest) {
            self.slices.pop_front();
        }
    }

    fn end_of(&self, from: Timestamp) -> Timestamp {
        from.checked_add(self.slice()).unwrap_or(from)
    }

    fn mean(&self, now: Timestamp) -> Option<f64> {
        let oldest = now.checked_sub(self.over).unwrap_or(now);
        let kept = self.slices.iter().filter(|slice| self.end_of(slice.from) > oldest);
        let (mut sum, mut seconds) =
            kept.fold((0.0, 0.0), |(sum, seconds), slice| (sum + slice.sum, seconds + slice.seconds));
        if let Some(number) = self.now {
            let since = self.until.max(oldest);
            let more = now.duration_since(since).as_secs_f64().max(0.0);
            sum += number * more;
            seconds += more;
        }
        // A number that has just become known is its own mean.
        if seconds > 0.0 { Some(sum / seconds) } else { self.now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_mean_is_weighted_by_time_and_forgets() {
        let home = sample::home("UTC");
        let path = sample::path(&home, "bathroom-climate/temperature.measured");
        let at = |seconds: i64| Timestamp::from_second(1_800_000_000 + seconds).unwrap();
        let over = Duration::from_secs(600);
        let mut windows = Windows::default();
        windows.watch(&path, over, &home, at(0));
        assert_eq!(windows.mean(&path, over, at(10)), None);
        windows.change(&path, &Value::Number(10.0), at(10));
        windows.change(&path, &Value::Number(20.0), at(110));
        let mean = windows.mean(&path, over, at(210)).unwrap();
        assert!((mean - 15.0).abs() < 0.2, "{mean}");
        assert!(windows.turns_at(&path, over, at(210)).is_some());
        assert!((windows.mean(&path, over, at(2000)).unwrap() - 20.0).abs() < 1e-9);
        assert_eq!(windows.turns_at(&path, over, at(2000)), None);
        windows.change(&path, &Value::Unknown, at(2000));
        assert!((windows.mean(&path, over, at(2300)).unwrap() - 20.0).abs() < 1e-9);
        windows.forget(&path, over);
        assert!(windows.by_path.is_empty());
    }

    #[test]
    fn a_mean_takes_the_same_room_however_often_its_number_changes() {
        let home = sample::home("UTC");
        let path = sample::path(&home, "bathroom-climate/temperature.measured");
        let (over, start) = (Duration::from_secs(60), Timestamp::from_second(1_800_000_000).unwrap());
        let mut windows = Windows::default();
        windows.watch(&path, over, &home, start);
        for number in 0..10_000 {
            let at = start.checked_add(SignedDuration::from_millis(number * 37)).unwrap();
            windows.change(&path, &Value::Number(number as f64), at);
        }
        assert!(windows.by_path[&path][0].slices.len() <= SLICES as usize + 2);
    }
}
