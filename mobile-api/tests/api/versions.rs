//! Versions of rules and scenes, and rules changed by the app.

use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn a_rule_is_saved_changed_deleted_and_brought_back_and_each_change_has_its_author() {
    let house = House::open().await;
    let text = "# Mine.\nname = \"Night\"\n[[when]]\nat = \"22:00\" # late\n[[then]]\nset = { target = \"hall-lamp\", \"on_off.on\" = false }\n";
    let save = "mutation($text: String!) { saveRule(text: $text) { id problems { line column message } } }";
    let saved = house.ask_with(save, json!({ "text": text })).await;
    assert_eq!(saved["saveRule"], json!({ "id": "night", "problems": [] }));
    let wrong =
        house.ask_with(save, json!({ "text": text.replace("hall-lamp", "hall-lmap").replace("Night", "Other") })).await;
    assert_eq!(wrong["saveRule"]["id"], json!(null));
    let problem = &wrong["saveRule"]["problems"][0];
    assert_eq!((&problem["line"], &problem["column"]), (&json!(6), &json!(18)));
    let edit = r#"mutation { editRule(id: "night", set: [{ at: ["when", "0", "at"], value: "23:15" }, { at: ["name"], value: "Late" }]) { id } }"#;
    assert_eq!(house.ask(edit).await["editRule"]["id"], "night");
    let now = house.ask("{ ruleText(id: \"night\") rule(id: \"night\") { name } }").await;
    assert!(now["ruleText"].as_str().unwrap().contains("at = \"23:15\" # late"), "{now}");
    assert_eq!(now["rule"]["name"], "Late");
    assert_eq!(house.ask("mutation { deleteRule(id: \"night\") { id } }").await["deleteRule"]["id"], "night");
    assert_eq!(house.ask("{ rule(id: \"night\") { name } }").await["rule"], json!(null));
    let kept = house.ask("{ versions(rule: \"night\") { author removed diff } removed { of } }").await;
    assert_eq!(kept["removed"], json!([{ "of": "night" }]));
    let versions = kept["versions"].as_array().unwrap();
    assert_eq!(versions.iter().map(|it| it["removed"].as_bool().unwrap()).collect::<Vec<_>>(), [true, false, false]);
    assert!(versions.iter().all(|it| it["author"] == "Olga"), "{versions:?}");
    assert!(versions[1]["diff"].as_str().unwrap().contains("-at = \"22:00\" # late\n+at = \"23:15\" # late"));
    assert_eq!(house.ask("mutation { undoEdit(rule: \"night\") { id } }").await["undoEdit"]["id"], "night");
    assert_eq!(house.ask("{ ruleText(id: \"night\") }").await["ruleText"], now["ruleText"]);
}

#[tokio::test]
async fn what_a_rule_does_to_others_is_told_before_and_when_it_is_saved() {
    let house = House::open().await;
    let text = |name: &str, on: bool| {
        let then = format!("[[then]]\nset = {{ target = \"hall-lamp\", \"on_off.on\" = {on} }}\n");
        format!("name = \"{name}\"\n[[when]]\nat = \"22:00\"\n{then}")
    };
    let save = "mutation($id: ID, $text: String!) { saveRule(id: $id, text: $text) { problems { message } findings { kind rules text } } }";
    let saved = house.ask_with(save, json!({ "text": text("Night", false) })).await;
    assert_eq!(saved["saveRule"], json!({ "problems": [], "findings": [] }));
    let review = "query($id: ID, $text: String!) { review(id: $id, text: $text) { cutShort findings { kind rules file line } } }";
    let found = house.ask_with(review, json!({ "text": text("Light", true) })).await;
    let fight = json!({ "kind": "CONFLICT", "rules": ["light", "night"], "file": "text", "line": 1 });
    assert_eq!(found["review"]["findings"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found["review"]["findings"][0]["kind"], fight["kind"]);
    assert_eq!(found["review"]["findings"][0]["file"], fight["file"]);
    assert_eq!(house.ask("{ review { findings { kind } } }").await["review"]["findings"], json!([]));
    let saved = house.ask_with(save, json!({ "text": text("Light", true) })).await;
    let told = &saved["saveRule"]["findings"][0];
    assert!(told["text"].as_str().is_some_and(|text| text.contains("22:00: `")), "{saved}");
    let again = house.ask_with(review, json!({ "id": "light", "text": text("Light", true) })).await;
    assert_eq!(again["review"]["findings"], json!([]), "it is known");
    let refused = house.error("{ review(id: \"light\") { cutShort } }").await;
    assert!(refused.contains("`text`"), "{refused}");
}

#[tokio::test]
async fn a_scene_goes_back_to_what_it_was_and_comes_back_when_it_was_removed() {
    let house = House::open().await;
    let put = |id: &str, level: u32| {
        format!(
            r#"mutation {{ putScene({id} name: "Evening", steps: [{{ device: "hall-lamp", set: {{ brightness: {{ level: {level} }} }} }}]) {{ id }} }}"#
        )
    };
    let id = house.ask(&put("", 30)).await["putScene"]["id"].as_str().unwrap().to_owned();
    house.ask(&put("id: \"evening\"", 60)).await;
    let versions = house.ask("{ versions(scene: \"evening\") { number author diff } }").await["versions"].clone();
    assert_eq!(versions.as_array().unwrap().len(), 2);
    let diff = versions[0]["diff"].as_str().unwrap();
    assert!(diff.contains("-hall-lamp/brightness.level = 30\n+hall-lamp/brightness.level = 60"), "{diff}");
    assert_eq!(versions[0]["author"], "Olga");
    let level = async || {
        house.ask("{ scenes { steps { set { value } } } }").await["scenes"][0]["steps"][0]["set"][0]["value"].clone()
    };
    house.ask("mutation { undoEdit(scene: \"evening\") { id } }").await;
    assert_eq!(level().await, 30);
    house.ask("mutation { removeScene(id: \"evening\") }").await;
    house.ask(&format!("mutation {{ undoEdit(scene: \"{id}\") {{ id }} }}")).await;
    assert_eq!(level().await, 30);
    house.ask(&format!("mutation {{ restoreVersion(number: {}) {{ id }} }}", versions[0]["number"])).await;
    assert_eq!(level().await, 60);
}
