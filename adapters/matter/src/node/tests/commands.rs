//! Commands, and the requests that they become.

use std::time::Duration;

use hub_model::{
    Actor, Cause, Color, Command, CommandId, DeviceId, EndpointId, Invoke, Property, Target, Value,
    capability::{ActionSpec, PropertySpec, appliance, brightness, color, color_temperature, covering, fan, identify},
    capability::{lock, media, on_off, pump, thermostat, vacuum, valve},
};

use super::dump;
use crate::{
    Refusal,
    node::Node,
    wire::{Request, Tlv},
};

/// A command for an endpoint, with nothing in it yet.
fn command(endpoint: &str) -> Command {
    Command {
        id: CommandId::named("test"),
        key: None,
        target: Target { device: DeviceId::named("test"), endpoint: endpoint.parse::<EndpointId>().unwrap() },
        set: Vec::new(),
        invoke: None,
        transition: None,
        cause: Cause::root(Actor::Hub),
        deadline: Duration::from_secs(5),
    }
}

fn set(wanted: &[(&'static PropertySpec, Value)]) -> Command {
    let set = wanted.iter().map(|(spec, value)| (Property::from(*spec), value.clone())).collect();
    Command { set, ..command("1") }
}

fn slowly(command: Command) -> Command {
    Command { transition: Some(Duration::from_millis(2500)), ..command }
}

fn act(spec: &'static ActionSpec, arguments: &[(&str, Value)]) -> Command {
    let mut invoke = Invoke::plain(spec);
    invoke.arguments.extend(arguments.iter().map(|(name, value)| ((*name).into(), value.clone())));
    Command { invoke: Some(invoke), ..command("1") }
}

fn plan(node: &mut Node, command: &Command) -> Result<Vec<String>, Refusal> {
    let key = node.key();
    node.plan(&key, command).map(|requests| requests.iter().map(written).collect())
}

/// The requests that a device of this kind is sent.
fn sent(kind: &str, command: Command) -> Vec<String> {
    plan(&mut dump::node(kind), &command).unwrap()
}

/// `endpoint/cluster command [fields]`, with the clusters and commands in hexadecimal digits.
fn written(request: &Request) -> String {
    match request {
        Request::Invoke { endpoint, cluster, command, fields, timed } => {
            let timed = if timed.is_some() { " timed" } else { "" };
            format!("{endpoint}/{cluster:04x} {command:02x} {}{timed}", value(fields))
        }
        Request::Write { path, value: new, .. } => {
            format!("{}/{:04x} {:04x} := {}", path.endpoint, path.cluster, path.attribute, value(new))
        }
    }
}

fn value(tlv: &Tlv) -> String {
    match tlv {
        Tlv::Null => "null".into(),
        Tlv::Bool(bool) => bool.to_string(),
        Tlv::Int(number) => format!("{number}"),
        Tlv::Uint(number) => format!("{number}"),
        Tlv::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Tlv::Struct(fields) => {
            let fields: Vec<_> = fields.iter().map(|(tag, field)| format!("{tag}:{}", value(field))).collect();
            format!("[{}]", fields.join(" "))
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn a_lamp_is_switched_by_one_command() {
    assert_eq!(sent("light", set(&[(&on_off::ON, true.into())])), ["1/0006 01 []"]);
    assert_eq!(sent("light", set(&[(&on_off::ON, false.into())])), ["1/0006 00 []"]);
    assert_eq!(sent("light", act(&on_off::TOGGLE, &[])), ["1/0006 02 []"]);
}

#[test]
fn on_and_bright_are_one_command() {
    let both = set(&[(&on_off::ON, true.into()), (&brightness::LEVEL, 50.0.into())]);
    assert_eq!(sent("dimmable", both.clone()), ["1/0008 04 [0:127 1:null 2:1 3:1]"]);
    assert_eq!(sent("dimmable", slowly(both)), ["1/0008 04 [0:127 1:25 2:1 3:1]"]);
    // Brightness alone switches on, too.
    assert_eq!(sent("dimmable", set(&[(&brightness::LEVEL, 100.0.into())])), ["1/0008 04 [0:254 1:null 2:1 3:1]"]);
}

#[test]
fn the_least_brightness_is_not_off() {
    // Level 1 would switch it off, as the level is bound to on and off.
    assert_eq!(sent("dimmable", set(&[(&brightness::LEVEL, 0.0.into())])), ["1/0008 04 [0:2 1:null 2:1 3:1]"]);
}

#[test]
fn off_with_a_brightness_is_off_first() {
    let dark = set(&[(&on_off::ON, false.into()), (&brightness::LEVEL, 20.0.into())]);
    assert_eq!(sent("dimmable", dark), ["1/0006 00 []", "1/0008 00 [0:51 1:null 2:1 3:1]"]);
}

#[test]
fn a_lamp_that_was_faded_out_comes_back_as_bright_as_it_was() {
    let mut node = dump::node("dimmable");
    let off = slowly(set(&[(&on_off::ON, false.into())]));
    assert_eq!(plan(&mut node, &off).unwrap(), ["1/0008 04 [0:1 1:25 2:1 3:1]"]);
    let faded = [("1/8/0", Tlv::Uint(1)), ("1/6/0", Tlv::Bool(false))];
    node.update(faded.map(|(path, value)| dump::report(path, value)).to_vec(), Vec::new());
    let on = set(&[(&on_off::ON, true.into())]);
    assert_eq!(plan(&mut node, &on).unwrap(), ["1/0008 04 [0:128 1:null 2:1 3:1]"]);
    // Somebody else made it brighter meanwhile: the plain command does.
    node.update(vec![dump::report("1/8/0", Tlv::Uint(200))], Vec::new());
    assert_eq!(plan(&mut node, &on).unwrap(), ["1/0006 01 []"]);
    assert_eq!(plan(&mut node, &slowly(on)).unwrap(), ["1/0008 04 [0:200 1:25 2:1 3:1]"]);
}

#[test]
fn brighter_may_switch_on_and_darker_never_off() {
    assert_eq!(
        sent("dimmable", act(&brightness::STEP, &[("by", 10.0.into())])),
        ["1/0008 06 [0:0 1:25 2:null 3:1 4:1]"]
    );
    assert_eq!(
        sent("dimmable", act(&brightness::STEP, &[("by", (-10.0).into())])),
        ["1/0008 02 [0:1 1:25 2:null 3:1 4:1]"]
    );
}

#[test]
fn a_colour_is_sent_in_the_form_that_the_lamp_has() {
    let red = set(&[(&color::VALUE, Color::new(0.0, 100.0).into())]);
    assert_eq!(sent("color", red.clone()), ["1/0300 43 [0:0 1:254 2:0 3:1 4:1]"]);
    // This one is off: it goes on after it has its colour.
    assert_eq!(sent("xy", red.clone()), ["1/0300 07 [0:41943 1:21627 2:0 3:1 4:1]", "1/0006 01 []"]);
    let red_and_off = Command { set: [red.set, set(&[(&on_off::ON, false.into())]).set].concat(), ..command("1") };
    assert_eq!(sent("xy", red_and_off), ["1/0300 07 [0:41943 1:21627 2:0 3:1 4:1]", "1/0006 00 []"]);
}

#[test]
fn white_is_sent_in_mireds_within_the_lamps_own() {
    let white = |kelvin: f64| set(&[(&color_temperature::KELVIN, kelvin.into())]);
    assert_eq!(sent("color", slowly(white(2700.0))), ["1/0300 0a [0:370 1:25 2:1 3:1]"]);
    assert_eq!(sent("warm", white(6500.0)), ["1/0300 0a [0:200 1:0 2:1 3:1]", "1/0006 01 []"]);
}

#[test]
fn a_whole_look_is_two_commands() {
    let look = set(&[
        (&on_off::ON, true.into()),
        (&brightness::LEVEL, 30.0.into()),
        (&color::VALUE, Color::new(240.0, 100.0).into()),
    ]);
    assert_eq!(sent("color", look), ["1/0300 43 [0:43691 1:254 2:0 3:1 4:1]", "1/0008 04 [0:76 1:null 2:1 3:1]"]);
}

#[test]
fn coverings_count_the_other_way_round() {
    assert_eq!(sent("covering", set(&[(&covering::POSITION, 100.0.into())])), ["1/0102 05 [0:0]"]);
    let both = set(&[(&covering::POSITION, 30.0.into()), (&covering::TILT, 45.0.into())]);
    assert_eq!(sent("covering", both), ["1/0102 05 [0:7000]", "1/0102 08 [0:5500]"]);
    assert_eq!(sent("covering", act(&covering::OPEN, &[])), ["1/0102 00 []"]);
    assert_eq!(sent("covering", act(&covering::CLOSE, &[])), ["1/0102 01 []"]);
    assert_eq!(sent("curtain", act(&covering::STOP, &[])), ["1/0102 02 []"]);
}

#[test]
fn a_lock_is_timed_and_asks_for_its_pin() {
    let pin = [("pin", Value::text("1234"))];
    assert_eq!(sent("lock", act(&lock::LOCK, &pin)), ["1/0101 00 [0:1234] timed"]);
    // There is a bolt: unlocking leaves the latch, and unlatching pulls it.
    assert_eq!(sent("lock", act(&lock::UNLOCK, &pin)), ["1/0101 27 [0:1234] timed"]);
    assert_eq!(sent("lock", act(&lock::UNLATCH, &pin)), ["1/0101 01 [0:1234] timed"]);
    let mut node = dump::node("lock");
    assert_eq!(plan(&mut node, &act(&lock::UNLOCK, &[])), Err(Refusal::PinNeeded));
    let short = act(&lock::UNLOCK, &[("pin", Value::text("12"))]);
    assert_eq!(plan(&mut node, &short).unwrap_err().to_string(), "a PIN of this lock has 4 to 8 digits");
}

#[test]
fn set_points_go_in_the_order_that_keeps_their_gap() {
    let warmer = set(&[(&thermostat::HEATING, 25.0.into()), (&thermostat::COOLING, 30.0.into())]);
    assert_eq!(sent("thermostat", warmer), ["1/0201 0011 := 3000", "1/0201 0012 := 2500"]);
    let colder = set(&[(&thermostat::HEATING, 15.5.into()), (&thermostat::COOLING, 18.0.into())]);
    assert_eq!(sent("thermostat", colder), ["1/0201 0012 := 1550", "1/0201 0011 := 1800"]);
    assert_eq!(sent("thermostat", set(&[(&thermostat::MODE, Value::text("cool"))])), ["1/0201 001c := 3"]);
}

#[test]
fn a_fan_is_set_by_its_percentage_its_mode_or_its_wind() {
    assert_eq!(sent("fan", set(&[(&fan::SPEED, 40.0.into())])), ["1/0202 0002 := 40"]);
    let on_and_slow = set(&[(&on_off::ON, true.into()), (&fan::SPEED, 20.0.into())]);
    assert_eq!(sent("fan", on_and_slow), ["1/0202 0002 := 20"]);
    // The wind that blows ends, as it would hide the mode.
    assert_eq!(sent("fan", set(&[(&on_off::ON, true.into())])), ["1/0202 000a := 0", "1/0202 0000 := 2"]);
    assert_eq!(sent("purifier", set(&[(&on_off::ON, true.into())])), ["1/0202 0000 := 5"]);
    assert_eq!(sent("purifier", set(&[(&on_off::ON, false.into())])), ["1/0202 0000 := 0"]);
    assert_eq!(sent("fan", set(&[(&fan::MODE, Value::text("sleep"))])), ["1/0202 000a := 1"]);
    assert_eq!(sent("fan", set(&[(&fan::OSCILLATION, true.into())])), ["1/0202 0008 := 1"]);
    assert_eq!(sent("fan", set(&[(&fan::DIRECTION, Value::text("forward"))])), ["1/0202 000b := 0"]);
}

#[test]
fn valves_and_pumps() {
    assert_eq!(sent("valve", set(&[(&valve::OPEN, true.into())])), ["1/0081 00 []"]);
    assert_eq!(sent("valve", set(&[(&valve::OPEN, false.into())])), ["1/0081 01 []"]);
    assert_eq!(sent("valve", set(&[(&valve::POSITION, 40.0.into())])), ["1/0081 00 [1:40]"]);
    assert_eq!(sent("valve", set(&[(&valve::POSITION, 0.0.into())])), ["1/0081 01 []"]);
    assert_eq!(sent("valve", act(&valve::OPEN_FOR, &[("duration", 600.0.into())])), ["1/0081 00 [0:600]"]);
    let from_now_on = set(&[(&valve::OPEN, true.into()), (&valve::DEFAULT_DURATION, 60.0.into())]);
    assert_eq!(sent("valve", from_now_on), ["1/0081 0001 := 60", "1/0081 00 []"]);
    assert_eq!(sent("valve", set(&[(&valve::DEFAULT_DURATION, 0.0.into())])), ["1/0081 0001 := null"]);
    assert_eq!(sent("pump", set(&[(&pump::MODE, Value::text("maximum"))])), ["1/0200 0020 := 2"]);
}

#[test]
fn a_robot_cleans_by_its_mode_and_goes_on_where_it_paused() {
    assert_eq!(sent("vacuum", act(&vacuum::START, &[])), ["1/0054 00 [0:1]"]);
    assert_eq!(sent("vacuum", act(&vacuum::STOP, &[])), ["1/0054 00 [0:0]"]);
    assert_eq!(sent("vacuum", set(&[(&vacuum::SUCTION, Value::text("Deep clean"))])), ["1/0055 00 [0:2]"]);
    let mut node = dump::node("vacuum");
    node.update(
        vec![dump::report("1/97/4", Tlv::Uint(2)), dump::report("1/97/65529", Tlv::Array(vec![Tlv::Uint(3)]))],
        vec![],
    );
    assert_eq!(plan(&mut node, &act(&vacuum::START, &[])).unwrap(), ["1/0061 03 []"]);
}

#[test]
fn machines_of_the_kitchen() {
    assert_eq!(sent("washer", set(&[(&appliance::PROGRAMME, Value::text("Heavy"))])), ["1/0051 00 [0:2]"]);
    assert_eq!(sent("washer", set(&[(&appliance::TEMPERATURE_LEVEL, Value::text("Hot"))])), ["1/0056 00 [1:2]"]);
    let colder = Command { target: command("3").target, ..set(&[(&appliance::SETPOINT, (-20.0).into())]) };
    assert_eq!(sent("refrigerator", colder), ["3/0056 00 [0:-2000]"]);
}

#[test]
fn what_plays() {
    assert_eq!(sent("speaker", set(&[(&media::VOLUME, 0.0.into())])), ["1/0008 00 [0:0 1:null 2:1 3:1]"]);
    assert_eq!(sent("speaker", set(&[(&media::MUTED, true.into())])), ["1/0006 00 []"]);
    assert_eq!(sent("tv", act(&media::PLAY, &[])), ["1/0506 00 []"]);
    assert_eq!(sent("tv", set(&[(&media::SOURCE, Value::text("HDMI 1"))])), ["1/0507 00 [0:1]"]);
    assert_eq!(sent("tv", act(&media::KEY, &[("key", Value::text("volume_up"))])), ["1/0509 00 [0:65]"]);
}

#[test]
fn what_a_device_cannot_do_is_refused_by_name() {
    let mut node = dump::node("light");
    let refusal = plan(&mut node, &set(&[(&brightness::LEVEL, 10.0.into())])).unwrap_err();
    assert_eq!(refusal.to_string(), "the device can't take brightness.level");
    let refusal = plan(&mut node, &act(&vacuum::START, &[])).unwrap_err();
    assert_eq!(refusal, Refusal::Unsupported("vacuum.start".into()));
    assert_eq!(plan(&mut node, &command("9")), Err(Refusal::Gone));
}

#[test]
fn a_device_shows_itself_if_it_has_something_to_show_itself_with() {
    let mut node = dump::node("light");
    node.update(vec![dump::report("1/3/1", Tlv::Uint(1))], Vec::new());
    let shown = plan(&mut node, &act(&identify::IDENTIFY, &[("duration", 3.0.into())]));
    assert_eq!(shown.unwrap(), ["1/0003 00 [0:3]"]);
}
