//! What ran, and why something did not.

use hub_model::{EndpointId, Said, capability::button};
use serde_json::{Value, json};

use crate::house::House;

impl House {
    /// Presses the bell, whose rule turns the lamp in the hall on.
    async fn ring(&self) {
        self.devices.tell("front-door", Said::Occurred(EndpointId::first(), (&button::SINGLE).into())).await;
    }

    /// The runs of the bell's rule, once there are so many of them that have ended.
    async fn rings(&self, count: usize, fields: &str) -> Vec<Value> {
        let mut watch = self.hub.local().watch(None);
        loop {
            let query = format!("{{ rule(id: \"door-bell\") {{ runs {{ state ended {fields} }} }} }}");
            let runs = self.ask(&query).await["rule"]["runs"].as_array().unwrap().clone();
            if runs.len() == count && runs.iter().all(|run| !run["ended"].is_null()) {
                return runs;
            }
            watch.next().await;
        }
    }
}

#[tokio::test]
async fn a_run_tells_its_trigger_its_steps_and_how_it_ended() {
    let house = House::open().await;
    house.ring().await;
    let fields = "kind of name times text trigger { number text cause { actor } } moreSteps \
                  steps { text outcome took command { device set { property value } tries } } cause { actor }";
    let run = house.rings(1, fields).await.remove(0);
    assert_eq!((&run["kind"], &run["of"], &run["state"]), (&json!("RULE"), &json!("door-bell"), &json!("FINISHED")));
    assert_eq!(
        run["trigger"],
        json!({ "number": 0, "text": "button.single at front-door", "cause": { "actor": "DEVICE" } })
    );
    let step = &run["steps"][0];
    assert_eq!((&step["text"], &step["outcome"]), (&json!("hall-lamp 1 on_off.on=true"), &json!("DONE")));
    assert_eq!(step["command"]["set"], json!([{ "property": "on_off.on", "value": true }]));
    assert!(step["took"].as_f64().unwrap() >= 0.0);
    let latency = house.ask("{ rule(id: \"door-bell\") { latency { p50 p99 runs } } }").await;
    assert_eq!(latency["rule"]["latency"]["runs"], 1);
}

#[tokio::test]
async fn a_state_is_explained_to_whoever_may_know_and_a_guest_learns_no_names() {
    let house = House::open().await;
    house.ring().await;
    house.rings(1, "id").await;
    let why = "{ why(device: \"hall-lamp\", property: \"on_off.on\") { kind text value outcome actor } }";
    let chain = house.ask(why).await["why"].as_array().unwrap().clone();
    let kinds: Vec<_> = chain.iter().map(|link| link["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["STATE", "COMMAND", "RUN", "EVENT", "ORIGIN"]);
    assert_eq!(chain[2]["text"], "the rule `Door bell` ran");
    assert_eq!(chain[4]["actor"], "DEVICE");
    let guest = house.token("guest", hub_model::Role::Guest).await;
    let accounts = house.ask("{ accounts { id name } }").await;
    let id = accounts["accounts"].as_array().unwrap().iter().find(|it| it["name"] == "guest").unwrap()["id"].clone();
    let grant = "mutation($id: ID!) { setGrants(account: $id, grants: [{ device: \"hall-lamp\", level: VIEW }]) }";
    house.ask_with(grant, json!({ "id": id })).await;
    let told = house.ask_as(&guest, why, json!({})).await;
    assert_eq!(told["data"]["why"][2]["text"], "a rule ran");
    assert!(!told.to_string().contains("front-door") && !told.to_string().contains("bell"), "{told}");
}

#[tokio::test]
async fn a_scene_is_captured_run_with_a_key_and_taken_back() {
    let house = House::open().await;
    let set = "mutation { control(device: \"hall-lamp\", set: { onOff: { on: true }, brightness: { level: 80 } }) { outcome } }";
    house.ask(set).await;
    let made = house.ask("mutation { captureScene(name: \"Bright\", rooms: [\"Hall\"], transition: 1) { handle icon steps { transition set { property value } } } }").await;
    let wanted = json!([{ "property": "on_off.on", "value": true }, { "property": "brightness.level", "value": 80 }]);
    let step = &made["captureScene"]["steps"][0];
    assert_eq!((&step["set"], &step["transition"]), (&wanted, &json!(1.0)));
    house.ask("mutation { control(device: \"hall-lamp\", set: { onOff: { on: false } }) { outcome } }").await;
    let run = "mutation { runScene(id: \"bright\", key: \"k\") { id outcome summary steps { tries } } }";
    let ran = house.ask(run).await["runScene"].clone();
    assert_eq!(ran["summary"], "1 of 1 done");
    assert_eq!(house.ask(run).await["runScene"], ran, "the same key tells what became of it");
    let undo = format!("mutation {{ undo(run: {}) {{ summary }} }}", ran["id"]);
    assert_eq!(house.ask(&undo).await["undo"]["summary"], "1 of 1 done");
    let lamp = house.ask("{ device(id: \"hall-lamp\") { endpoints { onOff { on } } } }").await;
    assert_eq!(lamp["device"]["endpoints"][0]["onOff"]["on"], false);
    assert!(house.error(&undo).await.contains("nothing to take back"));
    let runs = house.ask("{ runs(scene: \"bright\") { kind undoes state } }").await;
    assert_eq!(runs["runs"][0]["undoes"], ran["id"]);
    assert_eq!(runs["runs"][1]["kind"], "SCENE");
}

#[tokio::test]
async fn scenes_stand_in_the_order_that_people_give_them() {
    let house = House::open().await;
    for name in ["A", "B", "C"] {
        house.ask(&format!("mutation {{ putScene(name: \"{name}\", steps: []) {{ id }} }}")).await;
    }
    let ordered = house.ask("mutation { orderScenes(ids: [\"c\", \"a\"]) { name } }").await;
    assert_eq!(ordered["orderScenes"], json!([{ "name": "C" }, { "name": "A" }, { "name": "B" }]));
    let scenes = house.ask("{ scenes { name } }").await;
    assert_eq!(scenes["scenes"], ordered["orderScenes"]);
}
