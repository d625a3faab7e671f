//! The areas of a robot go by names, whatever it tells of them.

use std::collections::BTreeMap;

use hub_model::{
    Actor, Cause, Command, CommandId, DeviceId, EndpointId, Invoke, Said, Target, Value, capability::vacuum,
};

use super::dump::{self, report};
use crate::{
    Refusal,
    node::Node,
    wire::{Request, Tlv},
};

/// An area: its number, its map's, its name, and the tags of what it is and of what stands there.
fn area(number: u64, map: u64, name: &str, kind: Option<u64>, landmark: Option<u64>) -> Tlv {
    let tag = |tag: Option<u64>| tag.map_or(Tlv::Null, Tlv::Uint);
    let place = Tlv::Struct(vec![(0, Tlv::text(name)), (1, Tlv::Null), (2, tag(kind))]);
    let landmark = landmark.map_or(Tlv::Null, |landmark| Tlv::Struct(vec![(0, Tlv::Uint(landmark)), (1, Tlv::Null)]));
    let told = Tlv::Struct(vec![(0, place), (1, landmark)]);
    Tlv::Struct(vec![(0, Tlv::Uint(number)), (1, Tlv::Uint(map)), (2, told)])
}

/// What a robot reads when it knows these areas and has chosen all of them.
fn read(areas: Vec<Tlv>) -> BTreeMap<String, String> {
    let all = areas.iter().filter_map(|area| area.field(0).cloned()).collect();
    let reports = vec![report("1/336/0", Tlv::Array(areas)), report("1/336/2", Tlv::Array(all))];
    let said = dump::node("vacuum").update(reports, Vec::new());
    let readings = said.into_iter().filter_map(|(_, said)| if let Said::Read(read) = said { Some(read) } else { None });
    readings.flatten().map(|(_, property, value)| (property.to_string(), value.to_string())).collect()
}

fn choose(node: &mut Node, areas: &str) -> Result<Vec<u64>, Refusal> {
    let mut invoke = Invoke::plain(&vacuum::SELECT_AREAS);
    invoke.arguments.insert("areas".into(), Value::text(areas));
    let command = Command {
        id: CommandId::named("test"),
        key: None,
        target: Target { device: DeviceId::named("test"), endpoint: EndpointId::first() },
        set: Vec::new(),
        invoke: Some(invoke),
        transition: None,
        cause: Cause::root(Actor::Hub),
        deadline: std::time::Duration::from_secs(5),
    };
    let requests = node.plan(&node.key(), &command)?;
    let [Request::Invoke { cluster: 0x0150, command: 0, fields, .. }] = &requests[..] else { panic!("{requests:?}") };
    Ok(fields.field(0).expect("areas").items().iter().filter_map(Tlv::as_uint).collect())
}

#[test]
fn areas_without_a_name_go_by_what_they_are_and_what_stands_there() {
    let read = read(vec![
        area(1, 1, "", Some(6), None),
        area(2, 1, "Den", None, Some(13)),
        area(3, 1, "", None, Some(36)),
        area(4, 1, "Bath, small", None, None),
        area(5, 1, " ", None, None),
    ]);
    assert_eq!(read["vacuum.areas"], "Bath small, Den (couch), area, bathroom, pet crate");
    assert_eq!(read["vacuum.selected_areas"], read["vacuum.areas"]);
}

#[test]
fn areas_of_one_name_are_told_apart_by_their_maps_and_else_by_their_numbers() {
    let hall = |number, map| area(number, map, "Hall", None, None);
    assert_eq!(read(vec![hall(1, 1), hall(2, 2)])["vacuum.areas"], "Hall (Ground floor), Hall (Upstairs)");
    assert_eq!(read(vec![hall(1, 1), hall(2, 1)])["vacuum.areas"], "Hall (Ground floor) #1, Hall (Ground floor) #2");
    assert_eq!(read(vec![hall(1, 7), hall(2, 7)])["vacuum.areas"], "Hall #1, Hall #2");
}

#[test]
fn areas_are_chosen_by_name_in_any_order_and_each_once() {
    let mut robot = dump::node("vacuum");
    assert_eq!(choose(&mut robot, "bathroom,Kitchen, Kitchen"), Ok(vec![3, 9]));
    assert_eq!(choose(&mut robot, "Hall (Upstairs)"), Ok(vec![11]));
    assert_eq!(choose(&mut robot, ""), Ok(vec![]));
    let refusal = choose(&mut robot, "Kitchen, Bathroom").unwrap_err().to_string();
    let why = "there is no area `Bathroom`, did you mean `bathroom`?; the robot knows Hall (Ground floor), Hall (Upstairs), \
               Kitchen, bathroom";
    assert_eq!(refusal, why);
}

#[test]
fn an_area_that_is_called_otherwise_from_now_on_is_so_wherever_it_is_named() {
    let mut robot = dump::node("vacuum");
    robot.update(vec![report("1/336/3", Tlv::Uint(3))], Vec::new());
    let said = robot.update(vec![report("1/336/0", Tlv::Array(vec![area(3, 1, "Cellar", None, None)]))], Vec::new());
    let written = dump::written(&said);
    let read = "10: reads\n  1/vacuum.areas = Cellar\n  1/vacuum.selected_areas = \n  1/vacuum.current_area = Cellar";
    assert_eq!(written, read);
}
