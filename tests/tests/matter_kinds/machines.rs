//! Machines that work by themselves: robots, and what stands in kitchens and laundries.

use home_tests::{eventually, with_matter};
use serde_json::{Value, json};

#[test]
fn a_robot_sets_out_pauses_goes_home_and_says_why_it_does_not() {
    with_matter("vacuum", async |home, mut robot, id| {
        home.reads(&id, "vacuum.state", json!("docked")).await;
        home.sets(&id, "vacuum.suction", "vacuum: { suction: \"Deep clean\" }").await;
        assert_eq!(robot.get(1, "rvcCleanMode", "currentMode").await, 2);
        home.does(&id, "vacuum.state", "vacuum: { start: true }").await;
        assert_eq!(robot.get(1, "rvcRunMode", "currentMode").await, 1);
        home.does(&id, "vacuum.state", "vacuum: { pause: true }").await;
        assert_eq!(robot.get(1, "rvcOperationalState", "operationalState").await, 2);
        home.does(&id, "vacuum.state", "vacuum: { returnHome: true }").await;
        assert_eq!(robot.get(1, "rvcOperationalState", "operationalState").await, 64);
        robot.set(1, "rvcOperationalState", "operationalError", json!({ "errorStateId": 67 })).await;
        let said = home
            .mutate(&format!(
                "mutation {{ control(device: \"{id}\", invoke: {{ vacuum: {{ start: true }} }}) {{ outcome reason }} }}"
            ))
            .await;
        assert_eq!(said["control"]["outcome"], "REFUSED");
        assert!(said["control"]["reason"].as_str().is_some_and(|why| why.contains("dust bin is full")), "{said}");
    });
}

#[test]
fn a_robot_knows_its_rooms_and_cleans_those_that_are_chosen() {
    with_matter("vacuum", async |home, mut robot, id| {
        home.reads(&id, "vacuum.areas", json!("Hall (Ground floor), Hall (Upstairs), Kitchen, bathroom")).await;
        home.reads(&id, "vacuum.selected_areas", json!("Hall (Ground floor)")).await;
        let chooses = |areas: &str| format!("vacuum: {{ selectAreas: {{ areas: \"{areas}\" }} }}");
        home.does(&id, "vacuum.areas", &chooses("Kitchen, bathroom")).await;
        assert_eq!(robot.get(1, "serviceArea", "selectedAreas").await, json!([3, 9]));
        assert_eq!(home.invoke(&id, "1", &chooses("Kitchen, Cellar")).await, "OUT_OF_RANGE");
        robot.set(1, "serviceArea", "currentArea", json!(9)).await;
        home.reads(&id, "vacuum.current_area", json!("bathroom")).await;
        robot.set(1, "serviceArea", "currentArea", Value::Null).await;
        home.reads(&id, "vacuum.current_area", Value::Null).await;
        // All of them.
        home.does(&id, "vacuum.areas", &chooses("")).await;
        assert_eq!(robot.get(1, "serviceArea", "selectedAreas").await, json!([]));
        home.reads(&id, "vacuum.selected_areas", json!("")).await;
    });
}

#[test]
fn a_washer_takes_its_programme_and_says_when_it_is_done() {
    with_matter("washer", async |home, mut washer, id| {
        home.reads(&id, "appliance.phase", json!("Rinse")).await;
        home.sets(&id, "appliance.programme", "appliance: { programme: \"Heavy\" }").await;
        assert_eq!(washer.get(1, "laundryWasherMode", "currentMode").await, 2);
        home.sets(&id, "appliance.temperature_level", "appliance: { temperatureLevel: \"Hot\" }").await;
        home.does(&id, "appliance.state", "appliance: { pause: true }").await;
        assert_eq!(washer.get(1, "operationalState", "operationalState").await, 2);
        washer.set(1, "operationalState", "currentPhase", json!(3)).await;
        home.reads(&id, "appliance.phase", json!("Spin")).await;
    });
}

#[test]
fn a_dryer_is_started_and_tells_what_no_table_knows() {
    with_matter("dryer", async |home, mut dryer, id| {
        home.does(&id, "appliance.state", "appliance: { start: true }").await;
        assert_eq!(dryer.get(1, "operationalState", "operationalState").await, 1);
        dryer.set(1, "laundryDryerControls", "selectedDrynessLevel", json!(2)).await;
        home.reads(&id, "x.matter.laundry_dryer_controls.selected_dryness_level", json!(2)).await;
    });
}

#[test]
fn a_dishwasher_says_what_it_does_and_what_is_wrong() {
    with_matter("dishwasher", async |home, mut dishwasher, id| {
        home.reads(&id, "problem.detected", json!(true)).await;
        home.reads(&id, "appliance.state", json!("error")).await;
        home.sets(&id, "appliance.programme", "appliance: { programme: \"Heavy\" }").await;
        assert_eq!(dishwasher.get(1, "dishwasherMode", "currentMode").await, 1);
    });
}

#[test]
fn each_drawer_of_a_refrigerator_has_its_own_temperature() {
    with_matter("refrigerator", async |home, mut refrigerator, id| {
        assert_eq!(home.set(&id, "2", "appliance: { setpoint: 3 }").await, "DONE");
        assert_eq!(refrigerator.get(2, "temperatureControl", "temperatureSetpoint").await, 300);
        refrigerator.set(3, "temperatureMeasurement", "measuredValue", json!(-1234)).await;
        eventually("temperature of the freezer", async || {
            (home.value(&id, "3", "temperature.measured").await == -12.34).then_some(())
        })
        .await;
    });
}
