//! The simulated home as the hub meets it. The clock is tokio's paused one, so that minutes pass at once.

use adapter_api::{
    Answers, AskKind, FromAdapter, Step,
    harness::{Harness, MemoryVault},
};
use hub_model::{
    Actor, Cause, Command, CommandId, DeviceId, Found, Invoke, Property, Target, Value,
    capability::{PropertySpec, brightness, covering, firmware, lock, on_off, power, presence, thermostat},
};

use super::*;

/// Monday 2026-11-16, 01:00: everybody sleeps, whenever the test runs.
const NIGHT: Moment = Moment(1_794_790_800.0);

const SOON: Duration = Duration::from_secs(120);

fn start(settings: &str, vault: MemoryVault) -> Harness {
    let settings = Settings::check(toml::from_str(settings).unwrap(), KIND.fields).unwrap();
    let simulated = Simulated::build(&settings).unwrap();
    Harness::start(KIND.name, Arc::new(Simulated { clock: || NIGHT, ..simulated }), vault)
}

/// A home in which nothing is lost by chance, that has said its first values.
async fn home() -> Harness {
    let mut home = start("seed = 3\ndrop_off = false", MemoryVault::default());
    read(&mut home, "energy-meter", &power::WATTS, |_| true).await;
    home
}

fn key(name: &str) -> DeviceKey {
    DeviceKey::new(name)
}

fn command(endpoint: u16, set: Vec<(Property, Value)>, invoke: Option<Invoke>) -> Command {
    Command {
        id: CommandId::fresh(),
        key: None,
        target: Target { device: DeviceId::named("any"), endpoint: endpoint.into() },
        set,
        invoke,
        transition: None,
        cause: Cause::root(Actor::Hub),
        deadline: Duration::from_secs(5),
    }
}

fn set(property: &'static PropertySpec, value: impl Into<Value>) -> Command {
    command(1, vec![(property.into(), value.into())], None)
}

fn unlock(pin: Option<&str>) -> Command {
    let mut unlock = Invoke::plain(&lock::UNLOCK);
    unlock.arguments.extend(pin.map(|pin| ("pin".into(), Value::text(pin))));
    command(1, Vec::new(), Some(unlock))
}

/// The next value of a property that is wanted.
async fn read(home: &mut Harness, device: &str, spec: &'static PropertySpec, want: impl Fn(&Value) -> bool) -> Value {
    home.wait_for_report(SOON, |report| {
        let Said::Read(readings) = &report.said else { return None };
        let of_property = readings.iter().find(|(_, property, _)| *property == spec.into());
        of_property.filter(|(.., value)| report.key.0 == device && want(value)).map(|(.., value)| value.clone())
    })
    .await
}

async fn delivery(home: &mut Harness, command: CommandId) -> Delivery {
    home.wait_for(SOON, |message| match message {
        FromAdapter::Delivered(id, delivery) if *id == command => Some(delivery.clone()),
        _ => None,
    })
    .await
}

async fn order(home: &mut Harness, device: &str, command: Command) -> Delivery {
    let id = command.id;
    home.order(&key(device), command).await;
    delivery(home, id).await
}

#[tokio::test(start_paused = true)]
async fn a_lamp_reports_what_it_was_asked() {
    let mut home = home().await;
    home.order(&key("bench-lamp"), set(&brightness::LEVEL, 30.0)).await;
    assert_eq!(read(&mut home, "bench-lamp", &brightness::LEVEL, |level| *level != 80.0.into()).await, 30.0.into());
    home.order(&key("bench-lamp"), set(&on_off::ON, false)).await;
    assert_eq!(read(&mut home, "bench-lamp", &on_off::ON, |_| true).await, false.into());
    home.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_lamp_with_254_steps_gives_back_the_nearest() {
    let mut home = home().await;
    home.order(&key("bedside-lamp"), set(&brightness::LEVEL, 30.0)).await;
    let level = read(&mut home, "bedside-lamp", &brightness::LEVEL, |level| level.as_number() < Some(50.0)).await;
    assert_eq!(level, 29.9.into());
}

#[tokio::test(start_paused = true)]
async fn a_transition_shows_its_way_at_most_twice_a_second() {
    let mut home = home().await;
    let dim = Command { transition: Some(Duration::from_secs(4)), ..set(&brightness::LEVEL, 100.0) };
    home.order(&key("bench-lamp"), dim).await;
    let mut levels = Vec::new();
    while levels.last() != Some(&Value::Number(100.0)) {
        levels.push(read(&mut home, "bench-lamp", &brightness::LEVEL, |level| *level != 80.0.into()).await);
    }
    assert!((4..=10).contains(&levels.len()), "{levels:?}");
    assert!(levels.is_sorted_by_key(Value::as_number), "{levels:?}");
}

#[tokio::test(start_paused = true)]
async fn fading_out_keeps_the_brightness_for_the_next_time() {
    let mut home = home().await;
    home.order(&key("bench-lamp"), set(&on_off::ON, true)).await;
    read(&mut home, "bench-lamp", &on_off::ON, |on| *on == true.into()).await;
    home.order(&key("bench-lamp"), Command { transition: Some(Duration::from_secs(2)), ..set(&on_off::ON, false) })
        .await;
    let (level, on) = home
        .wait_for_report(SOON, |report| {
            let Said::Read(readings) = &report.said else { return None };
            let value = |spec: &'static PropertySpec| {
                readings.iter().find(|(_, is, _)| *is == spec.into()).map(|found| found.2.clone())
            };
            Some((value(&brightness::LEVEL)?, value(&on_off::ON)?))
                .filter(|(_, on)| report.key.0 == "bench-lamp" && *on == false.into())
        })
        .await;
    assert_eq!((level, on), (80.0.into(), false.into()));
}

#[tokio::test(start_paused = true)]
async fn the_wall_switch_switches_its_lamp() {
    let mut home = home().await;
    let flip = |on| set(&on_off::ON, on);
    home.order(&key("wall-switch"), flip(false)).await;
    home.order(&key("wall-switch"), flip(true)).await;
    read(&mut home, "kitchen-lamp", &on_off::ON, |on| *on == true.into()).await;
}

#[tokio::test(start_paused = true)]
async fn the_lock_wants_its_pin() {
    let mut home = home().await;
    let wrong = order(&mut home, "front-door-lock", unlock(Some("9999"))).await;
    assert_eq!(wrong, Delivery::Failed(Outcome::Refused, "the PIN is wrong".into()));
    let none = order(&mut home, "front-door-lock", unlock(None)).await;
    assert!(matches!(none, Delivery::Failed(Outcome::Refused, _)));
    home.order(&key("front-door-lock"), unlock(Some("1234"))).await;
    read(&mut home, "front-door-lock", &lock::STATE, |state| *state == Value::text("unlocking")).await;
    read(&mut home, "front-door-lock", &lock::STATE, |state| *state == Value::text("unlocked")).await;
}

#[tokio::test(start_paused = true)]
async fn a_blind_takes_its_time_and_stops_where_it_is() {
    let mut home = home().await;
    home.order(&key("living-room-blind"), set(&covering::POSITION, 0.0)).await;
    read(&mut home, "living-room-blind", &covering::STATE, |state| *state == Value::text("closing")).await;
    read(&mut home, "living-room-blind", &covering::POSITION, |position| position.as_number() < Some(70.0)).await;
    home.order(&key("living-room-blind"), command(1, Vec::new(), Some(Invoke::plain(&covering::STOP)))).await;
    read(&mut home, "living-room-blind", &covering::STATE, |state| *state == Value::text("stopped")).await;
    home.order(&key("living-room-blind"), command(1, Vec::new(), Some(Invoke::plain(&covering::OPEN)))).await;
    let position = read(&mut home, "living-room-blind", &covering::POSITION, |_| true).await;
    assert!((40.0..75.0).contains(&position.as_number().unwrap()), "it goes on from where it stopped: {position}");
    read(&mut home, "living-room-blind", &covering::STATE, |state| *state == Value::text("open")).await;
}

#[tokio::test(start_paused = true)]
async fn a_sleeper_takes_it_when_it_wakes() {
    let mut home = home().await;
    let taken = order(&mut home, "childrens-radiator", set(&thermostat::HEATING, 23.5)).await;
    assert_eq!(taken, Delivery::Queued);
    read(&mut home, "childrens-radiator", &thermostat::HEATING, |setpoint| *setpoint == 23.5.into()).await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_device_takes_it_and_never_tells() {
    let mut home = home().await;
    assert_eq!(order(&mut home, "garden-lights", set(&on_off::ON, true)).await, Delivery::Sent);
    // A later command of another device is answered, and until then the silent one said nothing.
    home.order(&key("bench-lamp"), set(&on_off::ON, true)).await;
    let spoke = home
        .wait_for_report(SOON, |report| {
            matches!(report.said, Said::Read(_))
                .then(|| report.key.clone())
                .filter(|key| matches!(key.0.as_str(), "garden-lights" | "bench-lamp"))
        })
        .await;
    assert_eq!(spoke, key("bench-lamp"));
}

#[tokio::test(start_paused = true)]
async fn a_program_is_updated_once() {
    let mut home = home().await;
    let update = || command(1, Vec::new(), Some(Invoke::plain(&firmware::UPDATE)));
    assert_eq!(order(&mut home, "air-purifier", update()).await, Delivery::Sent);
    read(&mut home, "air-purifier", &firmware::INSTALLED, |version| *version == Value::text("2.4.0")).await;
    assert!(matches!(order(&mut home, "air-purifier", update()).await, Delivery::Failed(Outcome::Refused, _)));
}

#[tokio::test(start_paused = true)]
async fn what_a_device_has_not_is_said() {
    let mut home = home().await;
    let failed = order(&mut home, "bench-lamp", set(&lock::STATE, Value::text("locked"))).await;
    assert!(matches!(failed, Delivery::Failed(Outcome::Unsupported, _)));
    let second = command(7, vec![((&on_off::ON).into(), true.into())], None);
    assert!(matches!(order(&mut home, "bench-lamp", second).await, Delivery::Failed(Outcome::Unsupported, _)));
    let nobody = order(&mut home, "no-such-lamp", set(&on_off::ON, true)).await;
    assert!(matches!(nobody, Delivery::Failed(Outcome::Unreachable, _)));
}

#[tokio::test(start_paused = true)]
async fn a_fast_clock_brings_the_morning_in_seconds() {
    let mut home = start("speed = 3600", MemoryVault::default());
    let began = Instant::now();
    read(&mut home, "alex", &presence::HOME, |home| *home == false.into()).await;
    assert!((5..=9).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_it_is_told() {
    home().await.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_thousand_more_devices_are_there_and_obey() {
    let mut home = start("devices = 1000", MemoryVault::default());
    let mut found = 0;
    while found < 1030 {
        found += home
            .wait_for(SOON, |message| match message {
                FromAdapter::Reports(_, reports) => {
                    Some(reports.iter().filter(|report| matches!(report.said, Said::Found(_))).count())
                }
                _ => None,
            })
            .await;
    }
    home.order(&key("lamp-999"), set(&brightness::LEVEL, 44.0)).await;
    read(&mut home, "lamp-999", &brightness::LEVEL, |level| *level == 44.0.into()).await;
}

fn answers(name: &str, answer: &str) -> Option<Answers> {
    Some(Answers::from([(name.into(), answer.to_owned())]))
}

async fn found(home: &mut Harness, device: &DeviceKey) -> Found {
    home.wait_for_report(SOON, |report| match &report.said {
        Said::Found(found) if report.key == *device => Some((**found).clone()),
        _ => None,
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_lamp_is_added_with_its_setup_code() {
    let mut home = home().await;
    let lamp = home.onboard(None, Some("3497-011-2332".into()), |_| None).await.unwrap();
    assert_eq!(found(&mut home, &lamp).await.name, "Reading lamp");
    home.wait_for(SOON, |message| {
        matches!(message, FromAdapter::CandidateGone(_, gone) if *gone == lamp).then_some(())
    })
    .await;
    home.order(&lamp, set(&brightness::LEVEL, 12.0)).await;
    read(&mut home, &lamp.0, &brightness::LEVEL, |level| *level == 12.0.into()).await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_setup_code_is_an_error_for_people() {
    let mut home = home().await;
    for (code, wanted) in [
        ("12345678901", "another setup code"),
        ("1234", "11 digits"),
        ("", "11 digits"),
        ("einszweidreiv", "11 digits"),
    ] {
        let error = home.onboard(Some(key("reading-lamp")), Some(code.into()), |_| None).await.unwrap_err();
        assert!(matches!(&error, OnboardingError::Wrong(why) if why.contains(wanted)), "{code}: {error}");
    }
    // The lamp is still free to be added.
    home.onboard(Some(key("reading-lamp")), None, |step| {
        asked(step, AskKind::Pin).then(|| answers("code", "34970112332"))?
    })
    .await
    .unwrap();
    found(&mut home, &key("reading-lamp")).await;
}

fn asked(step: &Step, kind: AskKind) -> bool {
    matches!(step, Step::Asking(asks) if asks[0].kind == kind)
}

#[tokio::test(start_paused = true)]
async fn a_box_is_added_with_a_typed_pin() {
    let mut home = home().await;
    let type_in = |pin: &'static str| move |step: &Step| asked(step, AskKind::Pin).then(|| answers("pin", pin))?;
    let wrong = home.onboard(Some(key("parcel-box")), None, type_in("1111")).await.unwrap_err();
    assert!(matches!(wrong, OnboardingError::Wrong(_)));
    let added = home.onboard(Some(key("parcel-box")), None, type_in("2468")).await.unwrap();
    assert_eq!(found(&mut home, &added).await.room.as_deref(), Some("Hall"));
}

#[tokio::test(start_paused = true)]
async fn a_remote_is_added_by_pressing_its_button() {
    let mut home = home().await;
    let mut steps = Vec::new();
    let added = home.onboard(Some(key("remote")), None, |step| {
        steps.push(step.clone());
        asked(step, AskKind::Confirm).then(|| answers("pressed", ""))?
    });
    let added = added.await.unwrap();
    assert_eq!(found(&mut home, &added).await.endpoints.len(), 2);
    assert!(matches!(&steps[..], [Step::Doing(_), Step::Asking(_), Step::Doing(_), Step::Doing(_)]), "{steps:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_can_add_what_is_not_there() {
    let home = home().await;
    assert_eq!(home.onboard(Some(key("unicorn")), None, |_| None).await, Err(OnboardingError::Vanished));
    assert!(matches!(home.onboard(None, None, |_| None).await, Err(OnboardingError::Wrong(_))));
}

#[tokio::test(start_paused = true)]
async fn what_was_added_before_is_there_again_and_no_longer_offered() {
    let vault = MemoryVault::default();
    adapter_api::Vault::keep(&vault, &KIND.adapter_name(), "adopted", br#"["remote","unicorn"]"#).await.unwrap();
    let mut home = start("", vault);
    let mut offered = Vec::new();
    home.wait_for(SOON, |message| {
        if let FromAdapter::Candidate(_, candidate) = message {
            offered.push(candidate.name.clone());
        }
        matches!(message, FromAdapter::Reports(_, reports) if reports.iter().any(|report| report.key.0 == "remote" && matches!(report.said, Said::Found(_)))).then_some(())
    })
    .await;
    assert_eq!(offered, ["Reading lamp", "Parcel box"]);
}

#[tokio::test(start_paused = true)]
async fn an_order_before_the_world_runs_is_unreachable() {
    let adapter = Simulated::build(&Settings::default()).unwrap();
    let order = Order { key: key("bench-lamp"), command: Arc::new(set(&on_off::ON, true)) };
    assert!(matches!(adapter.execute(order).await, Delivery::Failed(Outcome::Unreachable, _)));
}

#[test]
fn settings_have_limits() {
    for wrong in ["speed = 0", "speed = 3601", "devices = 10001", "seed = -1", "sed = 1"] {
        assert!(Settings::check(toml::from_str(wrong).unwrap(), KIND.fields).is_err(), "{wrong}");
    }
}
