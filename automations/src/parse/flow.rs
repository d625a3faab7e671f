//! Reads actions that decide what is done, how often and when.

use super::{action, condition, fields::Fields};
use crate::rule::{Action, Timeout, Times};

/// `if`, `then` and `else`.
pub(super) fn branch(fields: &Fields<'_>) -> Option<Action> {
    let condition = fields.table("if").and_then(|table| condition::read(&table));
    if !fields.has("then") && !fields.has("else") {
        fields.fault(fields.spot, "`if` needs `then`, a list of actions, or `else`");
    }
    let (then, otherwise) = (action::read_list(fields, "then"), action::read_list(fields, "else"));
    Some(Action::If { condition: condition?, then: then?, otherwise: otherwise? })
}

pub(super) fn choose(fields: &Fields<'_>) -> Option<Action> {
    let way = |fields: &Fields<'_>| {
        let condition = fields.table("if").and_then(|table| condition::read(&table));
        let then = action::read_list(fields, "then");
        Some((condition?, then?))
    };
    let ways: Option<Vec<_>> = fields.list("choose").iter().map(way).collect::<Vec<_>>().into_iter().collect();
    let otherwise = action::read_list(fields, "else");
    if fields.is_empty_list("choose") {
        fields.fault_at("choose", "`choose` is empty: write at least one { if = ..., then = ... }");
    }
    Some(Action::Choose { ways: ways?, otherwise: otherwise? })
}

pub(super) fn wait_until(fields: &Fields<'_>) -> Option<Action> {
    let table = fields.table("wait_until")?;
    let at_most = table.span("at_most");
    let condition = condition::read(&table);
    let or_else = if !fields.has("on_timeout") {
        Timeout::GoOn
    } else if fields.is_list("on_timeout") {
        Timeout::Do(action::read_list(fields, "on_timeout")?)
    } else {
        match fields.one_of("on_timeout")? {
            "stop" => Timeout::Stop,
            _ => Timeout::GoOn,
        }
    };
    if fields.has("on_timeout") && !table.has("at_most") {
        fields.fault_at("on_timeout", "`on_timeout` needs `at_most` inside `wait_until`");
    }
    Some(Action::WaitUntil { condition: condition?, at_most, or_else })
}

pub(super) fn repeat(fields: &Fields<'_>) -> Option<Action> {
    let body = action::read_list(fields, "do");
    if fields.is_empty_list("do") {
        fields.fault_at("do", "`do` is empty: write at least one action");
    }
    let condition = |name| fields.table(name).and_then(|table| condition::read(&table));
    let times = match fields.chief()? {
        "times" => fields.whole("times").map(Times::Count),
        "while" => condition("while").map(Times::While),
        "until" => condition("until").map(Times::Until),
        _ => fields.several("each").map(Times::Each),
    };
    Some(Action::Repeat { times: times?, body: body? })
}

pub(super) fn parallel(fields: &Fields<'_>) -> Option<Action> {
    /// More at once is a mistake; each has its own place in the engine.
    const MOST: usize = 20;
    let lists = fields.lists("parallel")?;
    if !(2..=MOST).contains(&lists.len()) {
        fields.fault_at("parallel", format!("`parallel` takes 2 to {MOST} lists of actions, not {}", lists.len()));
    }
    let read = lists.iter().map(|list| action::read_all(list)).collect::<Vec<_>>();
    read.into_iter().collect::<Option<_>>().map(Action::Parallel)
}
