//! Who may do what: every operation of the schema, for every role.

use std::collections::BTreeSet;

use hub_model::Role;
use serde_json::{Value, json};

use crate::house::House;

/// What a role gets for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gets {
    /// An answer that may tell of the whole home.
    All,
    /// An answer that tells of granted devices alone.
    Little,
    /// An error.
    No,
}
use Gets::{All, Little, No};

/// A field of a root, how it is asked, and what guests, members, admins and owners get.
type Row = (&'static str, &'static str, [Gets; 4]);

const ANYBODY: [Gets; 4] = [Little, All, All, All];
const MEMBERS: [Gets; 4] = [No, All, All, All];
const ADMINS: [Gets; 4] = [No, No, All, All];
const OWNERS: [Gets; 4] = [No, No, No, All];

/// The guest of these tests may see `thermometer`, in the bedroom; `SAFE` is what they must never hear of.
const QUERIES: [Row; 30] = [
    ("home", "home { name latitude longitude }", ANYBODY),
    ("floors", "floors { name rooms { name devices { name } } }", ANYBODY),
    ("rooms", "rooms { name floor { name } devices { name room { name devices { name } } } }", ANYBODY),
    ("groups", "groups { name devices { name } }", ANYBODY),
    ("scenes", "scenes { name steps { device { name } } }", ANYBODY),
    ("rules", "rules { name }", ANYBODY),
    ("rule", "rule(id: \"door-bell\") { name runs { id text } latency { p50 } }", ANYBODY),
    ("runs", "runs { name text cause { name } trigger { text } steps { text } }", ANYBODY),
    ("run", "run(id: \"018f3c1e-7d5a-7000-8000-000000000001\") { name }", ANYBODY),
    ("why", "why(device: \"thermometer\", property: \"temperature.measured\") { text }", ANYBODY),
    ("versions", "versions(rule: \"door-bell\") { name author diff }", ANYBODY),
    ("removed", "removed { name }", ANYBODY),
    ("ruleText", "ruleText(id: \"door-bell\")", ANYBODY),
    ("people", "people { name device { name } }", ANYBODY),
    ("devices", "devices { name room { name devices { name } } endpoints { properties { id value } } }", ANYBODY),
    ("device", "device(id: \"SAFE\") { name }", ANYBODY),
    ("notices", "notices { title text }", ANYBODY),
    ("me", "me { name role }", ANYBODY),
    ("capabilities", "capabilities { name }", ANYBODY),
    ("history", "history(device: \"SAFE\", property: \"on_off.on\", from: \"2020-01-01T00:00:00Z\") { at }", MEMBERS),
    ("rehearse", "rehearse(rule: \"door-bell\", days: 1) { events }", MEMBERS),
    ("whatIf", "whatIf { text }", MEMBERS),
    ("review", "review { cutShort }", MEMBERS),
    ("blueprints", "blueprints { id }", MEMBERS),
    ("candidates", "candidates { name }", ADMINS),
    ("ecosystems", "ecosystems(device: \"thermometer\") { name }", [No; 4]),
    ("diagnostics", "diagnostics(device: \"thermometer\") { value }", [No; 4]),
    ("accounts", "accounts { name }", OWNERS),
    ("secretNames", "secretNames", OWNERS),
    ("__typename", "__typename", ANYBODY),
];

const MUTATIONS: [Row; 44] = [
    ("control", "control(device: \"SAFE\", set: { onOff: { on: true } }) { outcome reason }", MEMBERS),
    ("runScene", "runScene(id: \"SAFE-scene\") { outcome }", MEMBERS),
    ("controlGroup", "controlGroup(id: \"SAFE-group\", set: { onOff: { on: true } }) { summary }", MEMBERS),
    ("undo", "undo(run: \"018f3c1e-7d5a-7000-8000-000000000001\") { summary }", [No; 4]),
    ("captureScene", "captureScene(name: \"Now\", devices: [\"SAFE\"]) { id }", ADMINS),
    ("orderScenes", "orderScenes(ids: [\"SAFE-scene\"]) { name }", ADMINS),
    ("saveRule", "saveRule(text: \"x = \") { problems { message } }", ADMINS),
    ("editRule", "editRule(id: \"none\", set: []) { id }", [No; 4]),
    ("deleteRule", "deleteRule(id: \"none\") { id }", [No; 4]),
    ("restoreVersion", "restoreVersion(number: 0) { id }", [No; 4]),
    ("undoEdit", "undoEdit(rule: \"none\") { id }", [No; 4]),
    ("setRuleEnabled", "setRuleEnabled(id: \"none\", enabled: true) { id }", [No; 4]),
    ("useBlueprint", "useBlueprint(blueprint: \"left-open\", name: \"OWN_SCENE\", with: []) { file }", ADMINS),
    ("runRule", "runRule(id: \"good-night\") { id }", MEMBERS),
    ("say", "say(text: \"good night\")", MEMBERS),
    ("answerNotice", "answerNotice(id: \"none\")", MEMBERS),
    ("renameHandleInRules", "renameHandleInRules(from: \"none\", to: \"one\") { places }", ADMINS),
    ("add", "add(code: \"x\") { id }", ADMINS),
    ("answer", "answer(id: \"018f3c1e-7d5a-7000-8000-000000000001\", answers: [])", [No; 4]),
    ("cancelAdd", "cancelAdd(id: \"018f3c1e-7d5a-7000-8000-000000000001\")", ADMINS),
    ("setHome", "setHome(set: { currency: \"EUR\" }) { name }", ADMINS),
    ("putFloor", "putFloor(name: \"Roof\") { id }", ADMINS),
    ("removeFloor", "removeFloor(id: \"Roof\")", ADMINS),
    ("putRoom", "putRoom(name: \"Attic\") { id }", ADMINS),
    ("removeRoom", "removeRoom(id: \"Attic\")", ADMINS),
    ("putGroup", "putGroup(name: \"Some\", devices: []) { id }", ADMINS),
    ("removeGroup", "removeGroup(id: \"Some\")", ADMINS),
    ("putPerson", "putPerson(name: \"Max\") { id }", ADMINS),
    ("removePerson", "removePerson(id: \"Max\")", ADMINS),
    ("putScene", "putScene(name: \"Idle\", steps: []) { id }", ADMINS),
    ("removeScene", "removeScene(id: \"OWN_SCENE\")", ADMINS),
    ("editDevice", "editDevice(id: \"front-door\", set: { name: \"Door\" }) { id }", ADMINS),
    ("removeDevice", "removeDevice(id: \"OWN_DEVICE\")", ADMINS),
    ("share", "share(device: \"thermometer\") { manual }", [No; 4]),
    ("removeEcosystem", "removeEcosystem(device: \"thermometer\", id: \"1\")", [No; 4]),
    ("createToken", "createToken(name: \"x\")", OWNERS),
    ("invite", "invite { until }", OWNERS),
    ("setGrants", "setGrants(account: \"ACCOUNT\", grants: [{ device: \"thermometer\", level: VIEW }])", OWNERS),
    ("setRole", "setRole(account: \"ACCOUNT\", role: GUEST)", OWNERS),
    ("removeAccount", "removeAccount(id: \"018f3c1e-7d5a-7000-8000-000000000001\")", [No; 4]),
    ("setSecret", "setSecret(name: \"s\", secret: \"t\")", OWNERS),
    ("removeSecret", "removeSecret(name: \"s\")", OWNERS),
    ("control", "control(device: \"thermometer\", set: { vendor: [] }) { outcome }", [No; 4]),
    ("__typename", "__typename", ANYBODY),
];

/// A home with a secret in every corner, and one account of every role.
struct Rights {
    house: House,
    tokens: Vec<(Role, String)>,
    guest: String,
}

impl Rights {
    async fn open() -> Self {
        let house = House::open().await;
        house
            .ask(
                r#"mutation {
            setHome(set: { latitude: 52.5, longitude: 13.4 }) { name }
            editDevice(id: "safe", set: { name: "SAFE", handle: "safe", room: "Hall" }) { id }
            putFloor(name: "SAFE-floor") { id } putRoom(id: "Hall", name: "SAFE-room", floor: "SAFE-floor") { id }
            putGroup(name: "SAFE-group", devices: ["safe"]) { id } putPerson(name: "SAFE-person", device: "safe") { id }
            mixed: putGroup(name: "Mixed", devices: ["safe", "thermometer"]) { id }
            putScene(name: "SAFE-scene", steps: [{ device: "safe", set: { onOff: { on: true } } }]) { id } }"#,
            )
            .await;
        let notice = hub_model::Notice {
            severity: hub_model::Severity::Info,
            title: "SAFE".into(),
            text: "SAFE".into(),
            to: vec![],
            answers: vec![],
        };
        house.hub.local().notify(notice, None).await;
        let mut tokens = Vec::new();
        for role in [Role::Guest, Role::Member, Role::Admin] {
            tokens.push((role, house.token(role.word(), role).await));
        }
        tokens.push((Role::Owner, house.owner.clone()));
        let accounts = house.ask("{ accounts { id name } }").await;
        let guest = accounts["accounts"].as_array().unwrap().iter().find(|account| account["name"] == "guest").unwrap();
        let guest = guest["id"].as_str().unwrap().to_owned();
        let grant =
            r#"mutation($id: ID!) { setGrants(account: $id, grants: [{ device: "thermometer", level: VIEW }]) }"#;
        house.ask_with(grant, json!({ "id": guest })).await;
        Self { house, tokens, guest }
    }

    async fn check(&self, kind: &str, (name, asked, gets): &Row) {
        let asked =
            asked.replace("ACCOUNT", &self.guest).replace("\"SAFE\"", "\"safe\"").replace("SAFE-scene", "safe-scene");
        for ((role, token), gets) in self.tokens.iter().zip(gets) {
            // Nobody can remove what somebody else removed before.
            let (scene, device) = if *role == Role::Owner { ("idle-2", "hall-lamp") } else { ("idle", "front-door") };
            let asked = asked.replace("OWN_SCENE", scene).replace("OWN_DEVICE", device);
            let answer = self.house.ask_as(token, &format!("{kind} {{ {asked} }}"), json!({})).await;
            let refused = answer.get("errors").is_some();
            assert_eq!(refused, *gets == No, "{name} for {role:?}: {answer}");
            if *gets != All && !answer.to_string().contains("only the owner") {
                assert_eq!(leaks(&answer), None, "{name} for {role:?}: {answer}");
            }
        }
    }
}

/// What an answer tells that a guest must not know.
fn leaks(answer: &Value) -> Option<&'static str> {
    let data = answer["data"].to_string();
    ["SAFE", "52.5", "13.4"].into_iter().find(|secret| data.contains(secret))
}

/// The fields of a root, from the schema itself, so that none is forgotten here.
fn fields(root: &str) -> BTreeSet<String> {
    let sdl = mobile_api::sdl();
    let begin = sdl.find(&format!("\ntype {root} {{")).unwrap();
    let body = &sdl[begin..begin + sdl[begin..].find("\n}").unwrap()];
    let lines =
        body.lines().filter(|line| line.starts_with('\t') && !line.starts_with("\t\t") && !line.starts_with("\t\""));
    let names = lines.filter_map(|line| line.trim().split(['(', ':']).next().map(str::to_owned));
    let is_name = |name: &String| {
        name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(char::is_alphanumeric)
    };
    names.filter(is_name).collect()
}

#[test]
fn no_field_of_the_schema_is_missing_from_the_tables() {
    let names = |rows: &[Row]| rows.iter().map(|row| row.0.to_owned()).filter(|name| !name.starts_with("__")).collect();
    assert_eq!(fields("Query"), names(&QUERIES));
    assert_eq!(fields("Mutation"), names(&MUTATIONS));
    assert_eq!(fields("Subscription"), BTreeSet::from(["events".into(), "onboarding".into()]));
}

#[tokio::test]
async fn every_query_tells_a_role_what_it_may_know_and_no_more() {
    let rights = Rights::open().await;
    for row in &QUERIES {
        rights.check("query", row).await;
    }
}

#[tokio::test]
async fn every_mutation_is_open_to_the_roles_that_may_do_it() {
    let rights = Rights::open().await;
    for row in &MUTATIONS {
        rights.check("mutation", row).await;
    }
}

#[tokio::test]
async fn a_guest_sees_the_granted_device_with_its_room_and_its_part_of_groups() {
    let rights = Rights::open().await;
    let token = &rights.tokens[0].1;
    let query = "{ rooms { name devices { handle } } groups { name devices { handle } } devices { handle controllable } floors { name } scenes { name } people { name } notices { title } }";
    let answer = rights.house.ask_as(token, query, json!({})).await;
    let wanted = json!({ "rooms": [{ "name": "Bedroom", "devices": [{ "handle": "thermometer" }] }],
        "groups": [{ "name": "Mixed", "devices": [{ "handle": "thermometer" }] }],
        "devices": [{ "handle": "thermometer", "controllable": false }], "floors": [], "scenes": [], "people": [], "notices": [] });
    assert_eq!(answer["data"], wanted);
    let metrics = crate::client::get(&rights.house.router, "/metrics", Some(token)).await;
    assert_eq!(metrics.0, axum::http::StatusCode::FORBIDDEN);
}
