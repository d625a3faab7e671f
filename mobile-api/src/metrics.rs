//! `/metrics`: counters in the Prometheus text format.

use std::{fmt::Write as _, sync::atomic::Ordering::Relaxed};

use crate::api::{Api, SOCKETS};

/// The counters as text.
pub(crate) fn text(api: &Api) -> String {
    let (hub, ours) = (api.hub.stats(), &api.counters);
    let store = &hub.store;
    let counters = [
        ("reports_total", "What adapters reported.", hub.reports),
        ("reports_dropped_total", "Reports whose value no property takes.", hub.dropped),
        ("events_total", "Events of the home.", hub.events),
        ("commands_total", "Commands to devices.", hub.commands),
        ("adapter_failures_total", "Ends of adapters that were not asked for.", hub.adapter_failures),
        ("rules_merged_total", "Changes that rules saw as one with a later change.", hub.merged_for_rules),
        (
            "messages_dropped_total",
            "Messages by topic dropped because who followed them was behind.",
            hub.messages_lost,
        ),
        ("history_written_total", "Rows of history written.", store.history_written),
        ("log_written_total", "Rows of the log written.", store.log_written),
        (
            "history_dropped_total",
            "Rows of history and log dropped because the disk was too slow.",
            store.history_dropped,
        ),
        ("state_written_total", "Readings of the current state written.", store.state_written),
        ("state_merged_total", "Readings replaced by a newer one before they were written.", store.state_merged),
        ("commits_total", "Commits of the registry.", store.commits),
        ("api_requests_total", "GraphQL requests over HTTP.", ours.requests.load(Relaxed)),
        ("api_answered_again_total", "Requests answered with bytes of before.", ours.answered_again.load(Relaxed)),
        ("api_unauthorized_total", "Requests without a token that is known.", ours.unauthorized.load(Relaxed)),
        ("api_messages_total", "Messages of subscriptions.", ours.messages.load(Relaxed)),
        (
            "api_told_alone_total",
            "Snapshots and events that were written for one subscriber alone.",
            ours.told_alone.load(Relaxed),
        ),
        ("api_too_slow_total", "WebSockets closed because they took no messages.", ours.too_slow.load(Relaxed)),
    ];
    let gauges = [
        ("devices", "Devices in the home.", hub.devices),
        ("history_waiting", "Rows of history and log that wait to be written.", store.history_waiting),
        ("history_stopped", "Whether history can't be written just now.", usize::from(store.history_stopped)),
        ("state_stopped", "Whether the current state can't be written just now.", usize::from(store.state_stopped)),
        (
            "state_waited_longest_milliseconds",
            "The longest that a reading waited until it was written.",
            usize::try_from(store.state_waited.as_millis()).unwrap_or(usize::MAX),
        ),
        ("api_sockets", "WebSockets that are open.", SOCKETS - api.sockets.available_permits()),
        ("api_subscriptions", "Subscriptions that are open.", ours.subscriptions.load(Relaxed)),
    ];
    let counters = counters.into_iter().map(|(name, doc, value)| (name, doc, "counter", value));
    let gauges = gauges.into_iter().map(|(name, doc, value)| (name, doc, "gauge", value as u64));
    let mut text = String::new();
    for (name, doc, kind, value) in counters.chain(gauges) {
        writeln!(text, "# HELP hearth_{name} {doc}\n# TYPE hearth_{name} {kind}\nhearth_{name} {value}")
            .expect("a string takes all");
    }
    text
}
