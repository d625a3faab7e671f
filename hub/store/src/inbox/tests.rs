use hub_model::{Actor, CommandId, Outcome, capability};
use proptest::prelude::*;

use super::*;

fn path(number: u8) -> Path {
    Path {
        device: DeviceId::named("lamp"),
        endpoint: u16::from(number).into(),
        property: (&capability::on_off::ON).into(),
    }
}

fn entry(path: Path, number: i64) -> Entry {
    let at = Timestamp::from_microsecond(number).ok();
    let reading = Reading { value: Value::Number(number as f64), changed_at: at, reported_at: at };
    Entry::Reading { path, reading, keep: true, cause: None }
}

#[test]
fn a_full_ring_drops_the_oldest_rows_and_counts_them() {
    let (mut inbox, now) = (Inbox::default(), Instant::now());
    for number in 0..RING as i64 + 3 {
        inbox.put(entry(path(1), number), now);
    }
    assert_eq!((inbox.rows.len(), inbox.dropped), (RING, 3));
    let oldest = inbox.take_rows();
    assert_eq!(inbox.rows.len() + inbox.writing, RING, "what is on its way to the disk still waits");
    assert!(matches!(oldest[0], Row::Value { at: 3, .. }));
    inbox.put(entry(path(1), -1), now);
    inbox.put_back_rows(oldest, now);
    assert_eq!((inbox.rows.len(), inbox.dropped), (RING, 4), "there was room for all but the oldest");
    assert!(matches!(inbox.rows[0], Row::Value { at: 4, .. }));
    assert_eq!(inbox.state.readings[&path(1)].value, Value::Number(-1.0), "the last value is always there");
}

#[test]
fn what_is_not_kept_is_state_only() {
    let mut inbox = Inbox::default();
    let reading = Reading { value: true.into(), changed_at: None, reported_at: Some(Timestamp::UNIX_EPOCH) };
    inbox.put(Entry::Reading { path: path(1), reading, keep: false, cause: None }, Instant::now());
    assert!(inbox.rows.is_empty() && inbox.rows_since.is_none());
    assert_eq!(inbox.state.readings.len(), 1);
}

#[test]
fn a_sign_of_life_does_not_undo_what_is_known_of_reachability() {
    let (mut inbox, device, now) = (Inbox::default(), DeviceId::named("lamp"), Instant::now());
    let at = Timestamp::from_second(9).unwrap();
    inbox.put(Entry::Reachable { device, reachable: false, at }, now);
    inbox.put(Entry::Seen { device, at }, now);
    inbox.put(Entry::Seen { device, at: Timestamp::UNIX_EPOCH }, now);
    assert_eq!(inbox.state.heard[&device], Heard { reachable: Some(false), last_seen: Some(at) });
}

#[test]
fn a_command_with_a_key_is_state_and_log() {
    let mut inbox = Inbox::default();
    let command = Entry::Command {
        id: CommandId::named("c"),
        key: Some(CommandKey("k".into())),
        device: DeviceId::named("lamp"),
        text: "on".into(),
        cause: Cause::root(Actor::Hub),
        at: Timestamp::UNIX_EPOCH,
        outcome: Outcome::Done,
    };
    inbox.put(command.clone(), Instant::now());
    assert_eq!(inbox.state.commands.len(), 1);
    assert_eq!(inbox.rows, [Row::Log(Box::new(command))]);
}

/// What can happen to an inbox.
#[derive(Debug, Clone)]
enum Step {
    Put(u8),
    Write,
    FailToWrite,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![8 => (0u8..5).prop_map(Step::Put), 1 => Just(Step::Write), 2 => Just(Step::FailToWrite)]
}

proptest! {
    /// The disk holds, in the end, the last value of every path and all rows in their order, however often writing
    /// fails in between and whatever comes in while it does.
    #[test]
    fn merging_never_loses_the_last_value(steps: Vec<(u8, bool)>, plan in prop::collection::vec(any_step(), 0..200)) {
        let (mut inbox, now) = (Inbox::default(), Instant::now());
        let mut last: HashMap<Path, Value> = HashMap::new();
        let (mut disk, mut rows): (HashMap<Path, Value>, Vec<Row>) = Default::default();
        let put = |inbox: &mut Inbox, last: &mut HashMap<Path, Value>, which: u8, number: i64| {
            inbox.put(entry(path(which), number), now);
            last.insert(path(which), Value::Number(number as f64));
        };
        for (number, step) in plan.into_iter().chain([Step::Write]).enumerate() {
            match step {
                Step::Put(which) => put(&mut inbox, &mut last, which, number as i64),
                Step::Write => {
                    let state = inbox.take_state().map(|(state, _)| state.readings).unwrap_or_default();
                    disk.extend(state.into_iter().map(|(path, reading)| (path, reading.value)));
                    rows.extend(inbox.take_rows());
                    prop_assert!(inbox.state_since.is_none() && inbox.rows_since.is_none());
                }
                Step::FailToWrite => {
                    let (state, taken) = (inbox.take_state(), inbox.take_rows());
                    if let Some((which, true)) = steps.get(number) {
                        put(&mut inbox, &mut last, which % 5, number as i64);
                    }
                    if let Some((state, since)) = state {
                        inbox.put_back_state(state, since);
                    }
                    inbox.put_back_rows(taken, now);
                    prop_assert_eq!(inbox.state_since.is_some(), !inbox.state.readings.is_empty());
                }
            }
        }
        prop_assert_eq!(disk, last);
        let times: Vec<i64> = rows.iter().filter_map(|row| if let Row::Value { at, .. } = row { Some(*at) } else { None }).collect();
        prop_assert!(times.is_sorted());
        prop_assert_eq!(inbox.dropped, 0);
    }
}
