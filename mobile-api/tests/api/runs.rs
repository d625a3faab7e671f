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
