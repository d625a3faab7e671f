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
    /// Whether there are means that were not there when last asked.
    other_means: bool,
}

#[derive(Debug)]
struct Window {
    over: Duration,
    users: usize,
    /// From when on it was watched, or is known by the reading itself.
    since: Timestamp,
    /// Whether it was told what was before that.
    remembers: bool,
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
        let mut window = Window::new(over, since.max(oldest));
        window.now = number;
        window.go_on(now);
        windows.push(window);
        self.other_means = true;
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
            self.other_means &= !self.by_path.is_empty();
        }
    }

    /// The numbers and spans of means that don't know what was before them, where there are others than when last asked.
    pub(super) fn new_means(&mut self) -> Option<Vec<(Path, Duration)>> {
        let forgetful = |(path, windows): (&Path, &Vec<Window>)| {
            let over = windows.iter().filter(|window| !window.remembers).map(|window| window.over).max()?;
            Some((path.clone(), over))
        };
        std::mem::take(&mut self.other_means).then(|| self.by_path.iter().filter_map(forgetful).collect())
    }

    /// Tells means what a number was before they began: each value and when it came, the oldest first.
    pub(super) fn remember(&mut self, path: &Path, past: &[(Timestamp, Value)]) {
        let windows = self.by_path.get_mut(path).into_iter().flatten();
        windows.filter(|window| !window.remembers).for_each(|window| window.remember(past));
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
            window.since = shifted(window.since, by);
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
    const fn new(over: Duration, since: Timestamp) -> Self {
        Self { over, users: 1, since, remembers: false, now: None, until: since, slices: VecDeque::new() }
    }

    fn remember(&mut self, past: &[(Timestamp, Value)]) {
        self.remembers = true;
        let Some((first, _)) = past.first() else { return };
        let mut before = Self::new(self.over, *first);
        for (at, value) in past.iter().take_while(|(at, _)| *at < self.since) {
            before.go_on(*at);
            before.now = value.as_number();
        }
        before.go_on(self.since);
        before.slices.append(&mut self.slices);
        self.slices = before.slices;
    }

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

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    /// The mean of one number is wanted from the beginning on.
    fn watching(over: Duration) -> (Windows, Path) {
        let home = sample::home("UTC");
        let path = sample::path(&home, "bathroom-climate/temperature.measured");
        let mut windows = Windows::default();
        windows.watch(&path, over, &home, at(0));
        (windows, path)
    }

    #[test]
    fn a_mean_is_weighted_by_time_and_forgets() {
        let over = Duration::from_secs(600);
        let (mut windows, path) = watching(over);
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
    fn a_mean_remembers_what_it_is_told_of_before_it_began() {
        let over = Duration::from_secs(600);
        let (mut windows, path) = watching(over);
        assert_eq!(windows.new_means(), Some(vec![(path.clone(), over)]));
        assert_eq!(windows.new_means(), None);
        // It goes on while the past is looked up; what is told of that time, too, is known already.
        windows.change(&path, &Value::Number(30.0), at(0));
        windows.change(&path, &Value::Number(30.0), at(300));
        let number = |seconds, number| (at(seconds), Value::Number(number));
        windows.remember(&path, &[number(-9000, 99.0), number(-300, 10.0), number(-150, 20.0), number(10, 99.0)]);
        let mean = windows.mean(&path, over, at(300)).unwrap();
        assert!((mean - (10.0 * 150.0 + 20.0 * 150.0 + 30.0 * 300.0) / 600.0).abs() < 0.5, "{mean}");
        // Once is enough.
        windows.remember(&path, &[number(-300, 99.0)]);
        assert_eq!(windows.mean(&path, over, at(300)), Some(mean));
        assert!((windows.mean(&path, over, at(1200)).unwrap() - 30.0).abs() < 1e-9);
    }

    #[test]
    fn a_mean_takes_the_same_room_however_often_its_number_changes() {
        let (mut windows, path) = watching(Duration::from_secs(60));
        for number in 0..10_000 {
            let at = at(0).checked_add(SignedDuration::from_millis(number * 37)).unwrap();
            windows.change(&path, &Value::Number(number as f64), at);
        }
        assert!(windows.by_path[&path][0].slices.len() <= SLICES as usize + 2);
    }
}
