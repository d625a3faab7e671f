//! The GraphQL schema: one module for each noun, and the three roots that gather them.

mod access;
mod account;
mod adding;
mod blueprint;
mod capability;
mod cards;
mod care;
mod cause;
mod control;
mod device;
mod editing;
mod endpoint;
mod event;
mod history;
mod home;
mod notice;
mod onboarding;
mod person;
mod place;
mod property;
mod rehearse;
mod review;
mod rule;
mod run;
mod scene;
mod subscription;
mod version;
mod what_if;
mod why;
mod word;

use std::sync::LazyLock;

use async_graphql::{MergedObject, Schema};

/// How much a document may ask for, with lists counted several times. All there is of every device is half of it.
const COMPLEXITY: usize = 25_000;

/// The schema that is served.
pub(crate) type ApiSchema = Schema<Query, Mutation, subscription::Subscription>;

/// What can be read.
#[derive(Debug, Default, MergedObject)]
pub(crate) struct Query(
    home::HomeQuery,
    history::HistoryQuery,
    rule::RuleQuery,
    rehearse::RehearseQuery,
    what_if::WhatIfQuery,
    review::ReviewQuery,
    blueprint::BlueprintQuery,
    run::RunQuery,
    version::VersionQuery,
    why::WhyQuery,
    notice::NoticeQuery,
    adding::AddingQuery,
    access::AccessQuery,
    capability::CapabilityQuery,
    care::CareQuery,
);

/// What can be done.
#[derive(Debug, Default, MergedObject)]
pub(crate) struct Mutation(
    control::ControlMutation,
    editing::EditingMutation,
    scene::SceneMutation,
    rule::RuleMutation,
    blueprint::BlueprintMutation,
    version::VersionMutation,
    adding::AddingMutation,
    access::AccessMutation,
    care::CareMutation,
);

pub(crate) use subscription::moments;

/// The schema. It holds no state, as who asks comes with each request; so all routers share one.
pub(crate) fn shared() -> ApiSchema {
    static SCHEMA: LazyLock<ApiSchema> = LazyLock::new(|| {
        Schema::build(Query::default(), Mutation::default(), subscription::Subscription)
            .limit_complexity(COMPLEXITY)
            .finish()
    });
    SCHEMA.clone()
}

/// The schema as text, as it is kept in `schema.graphql`.
pub fn sdl() -> String {
    shared().sdl()
}
