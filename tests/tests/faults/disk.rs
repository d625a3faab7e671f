//! A disk that is full, broken, read-only, slow or damaged: the home is controlled and its rules act as if nothing were,
//! history stops with a word, and goes on when the disk is well again.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use home_tests::{Ailment, Broker, Disk, HomePlan, Stalls, TestHome, eventually};
use rusqlite::Connection;

use crate::{
    devices::{Lamps, Meter, all_reachable, counted},
    well::{counter, notices, still_well},
};

/// Lamp 0 brings lamp 1 with it.
const FOLLOWS: &str = r#"
name = "Lamp 1 follows lamp 0"
[[when]]
property = { of = "lamp-0/on_off.on", becomes = true }
[[then]]
set = { target = "lamp-1", "on_off.on" = true }
"#;

/// How long a command may take beside a disk that is ill, beside what the machine itself takes away.
const AT_ONCE: Duration = Duration::from_secs(1);

/// A home of two lamps, a meter that counts, and a rule.
struct Scene {
    meter: Meter,
    home: TestHome,
    _lamps: Lamps,
    _broker: Broker,
}

impl Scene {
    async fn on(disk: &Disk) -> Self {
        Self::of(async |plan| plan.start_on(disk).await).await
    }

    async fn of(start: impl AsyncFnOnce(HomePlan) -> TestHome) -> Self {
        let broker = Broker::start().await;
        let lamps = Lamps::on(&broker, 2).await;
        let meter = Meter::on(&broker).await;
        let home = start(TestHome::plan().broker(&broker).rule("follows.toml", FOLLOWS)).await;
        all_reachable(&home, 3, true).await;
        let scene =
            Self { meter: Meter::count(meter, Duration::from_millis(10)), home, _lamps: lamps, _broker: broker };
        scene.reaches_history(10).await;
        scene
    }

    /// Waits until history has so many of the meter's numbers.
    async fn reaches_history(&self, number: u64) {
        eventually(format_args!("{number} in history"), async || {
            (counted(&self.home).await.last() >= Some(&number)).then_some(())
        })
        .await;
    }

    /// A command is carried out at once, and a rule acts on it.
    async fn is_lit(&self) {
        let elsewhere = tempfile::tempdir().expect("the temporary folder can be written");
        let (stalls, begun) = (Stalls::of(elsewhere.path()), Instant::now());
        assert_eq!(self.home.set("lamp-1", "1", "onOff: { on: false }").await, "DONE");
        assert_eq!(self.home.set("lamp-0", "1", "onOff: { on: false }").await, "DONE");
        assert_eq!(self.home.set("lamp-0", "1", "onOff: { on: true }").await, "DONE");
        let took = begun.elapsed();
        assert!(took < 3 * AT_ONCE + stalls.since(begun), "three commands took {took:?}");
        let follows = |devices: &[serde_json::Value]| {
            let lamp = devices.iter().find(|device| device["handle"] == "lamp-1")?;
            (home_tests::value_in(lamp, "1", "on_off.on") == true).then_some(())
        };
        self.home.until_devices("lamp that follows", follows).await;
    }

    /// History stands still, and people were told.
    async fn has_stopped(&self) {
        eventually("history that stops", async || (counter(&self.home, "history_stopped").await == 1).then_some(()))
            .await;
        eventually("word of it", async || {
            notices(&self.home).await.iter().any(|title| title == "History has stopped").then_some(())
        })
        .await;
    }

    /// History goes on, nothing is missing, people were told, and all is there after a restart.
    async fn goes_on(mut self) {
        let said = self.meter.said();
        self.reaches_history(said).await;
        eventually("word of it", async || {
            notices(&self.home).await.iter().any(|title| title == "History goes on").then_some(())
        })
        .await;
        assert_eq!(counter(&self.home, "history_dropped_total").await, 0);
        let numbers = counted(&self.home).await;
        assert!(numbers.windows(2).all(|two| two[1] == two[0] + 1), "history has holes: {numbers:?}");
        self.home.mutate("mutation { putRoom(name: \"Attic\") { id } }").await;
        still_well(&mut self.home).await;
        drop(self.meter);
        self.home.restart().await;
        sound(&self.home.data());
        let after = counted(&self.home).await;
        assert!(after.starts_with(&numbers), "a restart lost some of {numbers:?}");
        let told = notices(&self.home).await;
        assert!(told.iter().any(|title| title == "History has stopped"), "{told:?} does not tell of it any more");
    }
}

fn sound(data: &Path) {
    for name in ["hub.db", "history.db"] {
        let said: String = Connection::open(data.join(name))
            .expect("it can be opened")
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .expect("it can be checked");
        assert_eq!(said, "ok", "{name}");
    }
}

#[tokio::test]
async fn a_full_disk_stops_history_and_nothing_else() {
    let Some(disk) = Disk::small(24) else { return };
    let scene = Scene::on(&disk).await;
    let ballast = disk.fill();
    scene.has_stopped().await;
    scene.is_lit().await;
    let refused = scene.home.owner.refused("mutation { putRoom(name: \"Attic\") { id } }").await;
    assert!(refused.message().contains("the disk is full: make room"), "{refused}");
    fs::remove_file(ballast).expect("it is ours");
    scene.goes_on().await;
}

#[tokio::test]
async fn a_disk_that_breaks_or_turns_read_only_stops_history_and_nothing_else() {
    for ailment in [Ailment::Broken, Ailment::ReadOnly, Ailment::Full] {
        let Some(disk) = Disk::ailing() else { return };
        let scene = Scene::on(&disk).await;
        disk.suffers(ailment);
        scene.has_stopped().await;
        scene.is_lit().await;
        let refused = scene.home.owner.refused("mutation { putRoom(name: \"Attic\") { id } }").await;
        assert!(refused.message().contains("hub.db"), "{ailment:?}: {refused}");
        disk.suffers(Ailment::None);
        scene.goes_on().await;
    }
}

#[tokio::test]
async fn a_slow_disk_delays_no_command_and_loses_nothing() {
    let Some(disk) = Disk::ailing() else { return };
    let mut scene = Scene::on(&disk).await;
    disk.suffers(Ailment::Slow(Duration::from_millis(300)));
    scene.is_lit().await;
    // What has to be durable waits for the disk, and gets there.
    scene.home.mutate("mutation { putRoom(name: \"Attic\") { id } }").await;
    scene.is_lit().await;
    disk.suffers(Ailment::None);
    let said = scene.meter.said();
    scene.reaches_history(said).await;
    let numbers = counted(&scene.home).await;
    assert!(numbers.windows(2).all(|two| two[1] == two[0] + 1), "history has holes: {numbers:?}");
    still_well(&mut scene.home).await;
}

#[tokio::test]
async fn a_disk_that_stands_still_delays_no_command_and_is_given_up_at_the_end() {
    let Some(disk) = Disk::ailing() else { return };
    let mut scene = Scene::on(&disk).await;
    disk.suffers(Ailment::Slow(Duration::from_secs(3600)));
    for _ in 0..5 {
        scene.is_lit().await;
    }
    // The hub says that it waits no longer. The kernel lets no process go that waits for a disk, until the disk answers.
    scene.home.process.signal("TERM").await;
    let gives_up = |line: &str| line.contains("what waited for it is lost").then_some(());
    scene.home.process.said_since(0, "word that the disk is given up", gives_up).await;
    disk.suffers(Ailment::None);
    scene.home.process.end().await;
    scene.home.start_again().await;
    sound(&scene.home.data());
}

#[tokio::test]
async fn a_hub_on_a_full_disk_says_so_and_starts_when_there_is_room() {
    let Some(disk) = Disk::small(8) else { return };
    let mut home = TestHome::plan().simulated().start_on(&disk).await;
    home.stop().await;
    let ballast = disk.fill();
    let said = home.plan.refused_in(&disk.path()).await;
    assert!(said.code == Some(1) && said.err.contains("the disk is full: make room"), "{said:?}");
    fs::remove_file(ballast).expect("it is ours");
    home.start_again().await;
    still_well(&mut home).await;
}

/// Overwrites the leaves of the table `history`, which a start does not read.
fn damage_leaves(file: &Path) -> usize {
    let roots: Vec<u32> = {
        let database = Connection::open(file).expect("it can be opened");
        let mut roots = database.prepare("SELECT rootpage FROM sqlite_schema").expect("it has a schema");
        roots.query_map([], |row| row.get(0)).expect("it can be read").flatten().collect()
    };
    let mut bytes = fs::read(file).expect("it can be read");
    // SQLite file format, section 1.6: the first byte of a page is its kind, and 10 is a leaf of an index, which a table
    // without row numbers is.
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let mut damaged = 0;
    for (number, page) in bytes.chunks_mut(size).enumerate().skip(1) {
        if page[0] == 10 && !roots.contains(&(number as u32 + 1)) {
            page.fill(0xa5);
            damaged += 1;
        }
    }
    fs::write(file, bytes).expect("it can be written");
    damaged
}

#[tokio::test]
async fn damage_that_shows_while_the_hub_runs_costs_the_old_history_and_nothing_else() {
    let mut scene = Scene::of(async |plan: HomePlan| plan.start().await).await;
    scene.reaches_history(500).await;
    scene.home.stop().await;
    assert!(damage_leaves(&scene.home.data().join("history.db")) > 2, "history is on several pages");
    scene.home.start_again().await;
    all_reachable(&scene.home, 3, true).await;
    eventually("word of the damage", async || {
        notices(&scene.home).await.iter().any(|title| title == "History was damaged").then_some(())
    })
    .await;
    scene.is_lit().await;
    let said = scene.meter.said();
    scene.reaches_history(said).await;
    let names = fs::read_dir(scene.home.data()).expect("it can be read").flatten();
    let kept = names.filter(|entry| entry.file_name().to_string_lossy().starts_with("history.db.damaged-")).count();
    assert!(kept >= 1, "the damaged file is kept");
    still_well(&mut scene.home).await;
    scene.home.restart().await;
    sound(&scene.home.data());
}

#[tokio::test]
async fn a_home_that_is_overwritten_while_the_hub_runs_is_there_after_the_next_start() {
    let mut scene = Scene::of(async |plan: HomePlan| plan.start().await).await;
    scene.home.mutate("mutation { putRoom(name: \"Attic\") { id } }").await;
    // A clean stop and a start, so that all of it is in the file and in its good copy.
    scene.home.restart().await;
    all_reachable(&scene.home, 3, true).await;
    let file = scene.home.data().join("hub.db");
    let length = fs::metadata(&file).expect("it is there").len();
    let mut broken = fs::OpenOptions::new().write(true).open(&file).expect("it can be written");
    let rubbish = vec![0xa5; length as usize];
    std::io::Write::write_all(&mut broken, &rubbish).expect("it can be written");
    scene.is_lit().await;
    scene.home.kill9().await;
    scene.home.start_again().await;
    let rooms = scene.home.query("{ rooms { name } }").await["rooms"].to_string();
    assert!(rooms.contains("Attic"), "{rooms}");
    all_reachable(&scene.home, 3, true).await;
    scene.is_lit().await;
    still_well(&mut scene.home).await;
}
