//! What an event tells, for [`Subscription::wait_for`](crate::Subscription::wait_for).

use serde_json::Value;

/// The new value, where the event is a change of that property of that device, by id.
pub fn changed(event: &Value, device: &Value, property: &str) -> Option<Value> {
    let change = &event["change"];
    (change["device"] == *device && change["property"] == property).then(|| change["new"].clone())
}

/// What happened, where the event is an occurrence at that device, by id: its name.
pub fn occurred(event: &Value, device: &Value) -> Option<String> {
    let occurrence = &event["occurrence"];
    if occurrence["device"] == *device { occurrence["occurrence"].as_str().map(str::to_owned) } else { None }
}

/// Whether the device, by id, can be reached now, where the event tells that.
pub fn came_or_went(event: &Value, device: &Value) -> Option<bool> {
    let reachability = &event["reachability"];
    if reachability["device"] == *device { reachability["reachable"].as_bool() } else { None }
}
