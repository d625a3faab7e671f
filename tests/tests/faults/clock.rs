//! A clock on the wall that is wrong at the start, leaps, and changes to summer time and back: rules of a time of day act
//! once a day, and history has every row.

use std::time::Duration;

use home_tests::{Broker, FalseClock, HomePlan, Subscription, TestHome, changed, in_time};
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

use crate::{
    devices::{Lamps, Meter, all_reachable},
    well::{notices, still_well},
};

/// A rule for each time of day; the second is a moment later, so that it shows that the first did not act.
fn at(name: &str, time: &str) -> String {
    format!(
        "name = \"{name}\"\n[[when]]\nat = \"{time}\"\n[[then]]\nnotify = {{ to = \"everyone\", title = \"{name}\", text = \"x\" }}\n"
    )
}

/// A home in Berlin on a false clock, with a meter that counts.
struct Scene {
    clock: FalseClock,
    meter: Meter,
    events: Subscription,
    home: TestHome,
    _lamps: Lamps,
    _broker: Broker,
}

impl Scene {
    async fn begin(time: &str, plan: HomePlan) -> Self {
        let clock = FalseClock::at(time);
        let broker = Broker::start().await;
        let lamps = Lamps::on(&broker, 1).await;
        let meter = Meter::on(&broker).await;
        let home = clock.on(plan).broker(&broker).start().await;
        home.mutate("mutation { setHome(set: { timeZone: \"Europe/Berlin\" }) { name } }").await;
        all_reachable(&home, 2, true).await;
        let events = home.events().await;
        Self {
            clock,
            meter: Meter::count(meter, Duration::from_millis(10)),
            events,
            home,
            _lamps: lamps,
            _broker: broker,
        }
    }

    /// Sets the clock, and waits until it shows a later moment of the same day: what was to happen by then has happened.
    async fn passes(&mut self, time: &str, until: &str) {
        self.clock.set(time);
        let (from, until): (Timestamp, Timestamp) = (time.parse().expect("a time"), until.parse().expect("a time"));
        let meter = self.home.device("meter").await["id"].clone();
        let is_then = |event: &Value| {
            changed(event, &meter, "power.watts")?;
            let at: Timestamp = event["at"].as_str()?.parse().ok()?;
            (from <= at && at >= until && at.duration_since(until).as_secs() < 60).then_some(())
        };
        let mut events = self.home.events().await;
        in_time(format_args!("event of {until}"), events.wait_for_new("event of that time", is_then)).await;
        self.events = events;
    }

    /// How often a rule acted.
    async fn acted(&self, name: &str) -> usize {
        notices(&self.home).await.iter().filter(|title| *title == name).count()
    }

    /// Every number of the meter is in history, whatever the clock did.
    async fn history_is_whole(mut self) {
        let said = self.meter.said();
        let meter = self.home.device("meter").await["id"].clone();
        let is_last = |event: &Value| {
            changed(event, &meter, "power.watts")?.as_f64().filter(|number| *number >= said as f64).map(|_| ())
        };
        self.events.wait_for("last number", is_last).await;
        drop(self.meter);
        still_well(&mut self.home).await;
        self.home.stop().await;
        let database = Connection::open(self.home.data().join("history.db")).expect("it can be opened");
        let one = |sql: &str| -> i64 { database.query_row(sql, [], |row| row.get(0)).expect("it can be read") };
        let sound: String =
            database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it can be checked");
        assert_eq!(sound, "ok");
        let of_meter = "FROM history JOIN series ON series.id = series WHERE property = 'power.watts'";
        let (rows, values) =
            (one(&format!("SELECT count(*) {of_meter}")), one(&format!("SELECT count(DISTINCT value) {of_meter}")));
        let newest = one(&format!("SELECT max(value) / 1000 {of_meter}"));
        assert_eq!((rows, values), (newest, newest), "each number once");
        assert!(newest >= said as i64);
    }
}

#[tokio::test]
async fn a_clock_that_begins_in_1970_and_is_set_brings_a_rule_once_a_day() {
    let plan = TestHome::plan().rule("morning.toml", &at("Morning", "08:00"));
    let mut scene = Scene::begin("1970-01-01T00:00:10Z", plan).await;
    assert_eq!(scene.home.set("lamp-0", "1", "onOff: { on: true }").await, "DONE");
    // The time is set, to one after today's: it is not that the rule was missed.
    scene.passes("2026-11-23T10:00:00Z", "2026-11-23T10:00:02Z").await;
    assert_eq!(scene.acted("Morning").await, 0);
    scene.passes("2026-11-24T06:59:57Z", "2026-11-24T07:00:02Z").await;
    assert_eq!(scene.acted("Morning").await, 1);
    // Back over it, and through it once more.
    scene.passes("2026-11-24T06:59:57Z", "2026-11-24T07:00:02Z").await;
    assert_eq!(scene.acted("Morning").await, 1);
    // Forward over it: late, and once.
    scene.passes("2026-11-25T09:00:00Z", "2026-11-25T09:00:02Z").await;
    assert_eq!(scene.acted("Morning").await, 2);
    scene.passes("2026-11-25T06:59:57Z", "2026-11-25T07:00:02Z").await;
    assert_eq!(scene.acted("Morning").await, 2);
    assert_eq!(scene.home.set("lamp-0", "1", "onOff: { on: false }").await, "DONE");
    scene.history_is_whole().await;
}

#[tokio::test]
async fn a_rule_acts_once_on_the_days_when_summer_time_begins_and_ends() {
    let plan = TestHome::plan().rule("night.toml", &at("Night", "02:30"));
    // In Berlin it is one hour before the leap, on a day whose 02:30 never comes.
    let mut scene = Scene::begin("2027-03-28T00:20:00Z", plan).await;
    scene.passes("2027-03-28T00:59:58Z", "2027-03-28T01:00:02Z").await;
    assert_eq!(scene.acted("Night").await, 0);
    scene.passes("2027-03-28T01:29:58Z", "2027-03-28T01:30:02Z").await;
    assert_eq!(scene.acted("Night").await, 1, "it comes as late as the leap is long");
    // Before the other night. A clock that leaps over months was wrong before, so that nothing was missed.
    scene.passes("2027-10-30T12:00:00Z", "2027-10-30T12:00:02Z").await;
    assert_eq!(scene.acted("Night").await, 1);
    scene.passes("2027-10-31T00:29:58Z", "2027-10-31T00:30:02Z").await;
    assert_eq!(scene.acted("Night").await, 2);
    scene.passes("2027-10-31T01:29:58Z", "2027-10-31T01:30:02Z").await;
    assert_eq!(scene.acted("Night").await, 2, "its second 02:30 is none");
    scene.history_is_whole().await;
}

#[tokio::test]
async fn a_board_without_a_battery_starts_in_1970_with_a_home_of_today() {
    let mut scene = Scene::begin("2026-11-23T10:00:00Z", TestHome::plan()).await;
    assert_eq!(scene.home.set("lamp-0", "1", "onOff: { on: true }").await, "DONE");
    scene.clock.set("1970-01-01T00:00:10Z");
    scene.home.restart().await;
    all_reachable(&scene.home, 2, true).await;
    assert_eq!(scene.home.value("lamp-0", "1", "on_off.on").await, true);
    assert_eq!(scene.home.set("lamp-0", "1", "onOff: { on: false }").await, "DONE");
    scene.events = scene.home.events().await;
    scene.passes("2026-11-23T10:05:00Z", "2026-11-23T10:05:02Z").await;
    assert_eq!(scene.home.set("lamp-0", "1", "onOff: { on: true }").await, "DONE");
    still_well(&mut scene.home).await;
}
