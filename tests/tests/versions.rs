//! Every change of a rule or a scene is a version with its author, and can be taken back.

use home_tests::{TestHome, eventually};
use serde_json::{Value, json};

/// As an owner writes it, with remarks everywhere.
const RULE: &str = "# Mine, hands off.\nname = \"Work light\" # for the bench\n\n[[when]]\n# Not before breakfast.\n\
     at = \"07:00\" # early\n\n[[then]]\nset = { target = \"bench-lamp\", \"on_off.on\" = true } # bright\n";

const SAVE: &str =
    "mutation ($id: ID, $text: String!) { saveRule(id: $id, text: $text) { id problems { line column message } } }";
const VERSIONS: &str = "{ versions(rule: \"work-light\") { author account removed diff } }";

/// The authors of the rule's versions, the newest first.
async fn authors(home: &TestHome) -> Vec<String> {
    let told = home.query(VERSIONS).await;
    let versions = told["versions"].as_array().expect("versions are a list");
    versions.iter().map(|version| version["author"].as_str().expect("each has an author").to_owned()).collect()
}

#[tokio::test]
async fn a_rule_is_changed_by_the_app_and_by_hand_and_everything_can_be_taken_back() {
    let home = TestHome::plan().simulated().rule("work.toml", RULE).start().await;
    let file = home.data().join("automations/work.toml");
    let text = || std::fs::read_to_string(&file).expect("the file is there");
    eventually("the first version", async || (authors(&home).await == ["file"]).then_some(())).await;

    let anna = home.somebody("admin").await;
    let name = anna.query("{ me { name } }").await["me"]["name"].as_str().expect("an account has a name").to_owned();
    let edit =
        "mutation { editRule(id: \"work-light\", set: [{ at: [\"when\", \"0\", \"at\"], value: \"08:30\" }]) { id } }";
    anna.mutate(edit).await;
    assert_eq!(text(), RULE.replace("07:00", "08:30"), "comments and layout stay");

    let wrong = text().replace("bench-lamp", "bench-lmap");
    let told = anna.ask(SAVE, json!({ "id": "work-light", "text": wrong })).await.expect("it may ask");
    let problem =
        json!({ "line": 9, "column": 18, "message": "there is no device `bench-lmap`, did you mean `bench-lamp`?" });
    assert_eq!(told["saveRule"], json!({ "id": null, "problems": [problem] }));
    assert_eq!(text(), RULE.replace("07:00", "08:30"), "nothing was written");

    std::fs::write(&file, RULE.replace("07:00", "09:15")).expect("the file can be written");
    let by_hand = async || (authors(&home).await == ["file", &name, "file"]).then_some(());
    eventually("the version by hand", by_hand).await;
    let history = home.hub(["rules", "history", "work-light"]).await;
    for wanted in ["by hand", &format!("changed by {name}"), "-at = \"07:00\" # early", "+at = \"08:30\" # early"] {
        assert!(history.out.contains(wanted), "{wanted}: {history:?}");
    }

    assert!(home.hub(["rules", "undo", "work-light"]).await.good());
    assert_eq!(text(), RULE.replace("07:00", "08:30"));
    assert_eq!(authors(&home).await[0], "hub");

    anna.mutate("mutation { deleteRule(id: \"work-light\") { id } }").await;
    assert!(!file.exists());
    anna.mutate("mutation { undoEdit(rule: \"work-light\") { id } }").await;
    assert_eq!(text(), RULE.replace("07:00", "08:30"));
    let rule = home.query("{ rule(id: \"work-light\") { enabled problem { message } } }").await;
    assert_eq!(rule["rule"], json!({ "enabled": true, "problem": null }));
}

#[tokio::test]
async fn a_scene_is_changed_and_goes_back_also_after_a_restart() {
    let mut home = TestHome::simulated().await;
    let anna = home.somebody("admin").await;
    let put = |level: u32| {
        let step = format!("{{ device: \"bench-lamp\", set: {{ brightness: {{ level: {level} }} }} }}");
        format!("putScene(id: \"evening\", name: \"Evening\", steps: [{step}]) {{ id }}")
    };
    let made = anna.mutate(&format!("mutation {{ {} }}", put(30).replace("id: \"evening\", ", ""))).await;
    let scene = made["putScene"]["id"].as_str().expect("a scene has an id").to_owned();
    home.mutate(&format!("mutation {{ {} }}", put(60))).await;
    home.mutate("mutation { removeScene(id: \"evening\") }").await;
    home.restart().await;
    let told = home.query(&format!("{{ versions(scene: \"{scene}\") {{ author removed diff }} }}")).await;
    let versions = told["versions"].as_array().expect("versions are a list");
    assert_eq!(versions.iter().map(|it| it["removed"] == true).collect::<Vec<_>>(), [true, false, false]);
    let diff = versions[1]["diff"].as_str().expect("each has a difference");
    assert!(diff.contains("-bench-lamp/brightness.level = 30\n+bench-lamp/brightness.level = 60"), "{diff}");
    assert_ne!(versions[2]["author"], versions[1]["author"]);
    let history = home.hub(["scene", "history", &scene]).await;
    assert!(history.out.contains("removed by the test"), "{history:?}");
    assert!(home.hub(["scene", "revert", &scene]).await.good());
    let level = async || -> Value {
        home.query("{ scenes { steps { set { value } } } }").await["scenes"][0]["steps"][0]["set"][0]["value"].clone()
    };
    assert_eq!(level().await, 60);
}

/// Switches the lamp that the rule waits for, and gives the first step of the run that this begins.
async fn run_of_follow(home: &TestHome, count: usize) -> Value {
    for on in [false, true] {
        assert_eq!(home.set("kitchen-lamp", "1", &format!("onOff: {{ on: {on} }}")).await, "DONE");
    }
    let ended = async || {
        let runs = "{ runs(rule: \"follow\", skipped: false) { ended steps { outcome reason } } }";
        let told = home.query(runs).await["runs"].clone();
        let runs = told.as_array().expect("runs are a list");
        (runs.len() == count && !runs[0]["ended"].is_null()).then(|| runs[0]["steps"][0].clone())
    };
    eventually("the run", ended).await
}

#[tokio::test]
async fn a_rule_does_what_its_editor_may_do_now() {
    const RULE: &str = "name = \"Follow\"\n[[when]]\nproperty = { of = \"kitchen-lamp/on_off.on\", becomes = true }\n\
         [[then]]\nset = { target = \"bench-lamp\", \"on_off.on\" = true }\n";
    let home = TestHome::simulated().await;
    let anna = home.somebody("admin").await;
    let me = anna.query("{ me { account } }").await["me"]["account"].clone();
    anna.ask(SAVE, json!({ "text": RULE })).await.expect("an admin may write rules");
    let step = run_of_follow(&home, 1).await;
    assert_eq!(step["outcome"], "DONE", "{step}");

    home.mutate(&format!("mutation {{ setRole(account: {me}, role: GUEST) }}")).await;
    let grants = "[{ device: \"kitchen-lamp\", level: VIEW }, { device: \"bench-lamp\", level: VIEW }]";
    home.mutate(&format!("mutation {{ setGrants(account: {me}, grants: {grants}) }}")).await;
    let step = run_of_follow(&home, 2).await;
    assert_eq!(step["outcome"], "REFUSED", "{step}");
    assert!(step["reason"].as_str().is_some_and(|why| why.ends_with("may not control Bench lamp")), "{step}");
    let runs = home.hub(["runs", "follow"]).await;
    assert!(runs.out.contains("with whose rights this acts, may not control Bench lamp"), "{runs:?}");
}
