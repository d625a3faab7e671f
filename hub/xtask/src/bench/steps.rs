//! What is measured, step by step. A step leaves the home as the next one may find it.

pub(super) mod burst;
pub(super) mod cards;
pub(super) mod chart;
pub(super) mod commands;
pub(super) mod floor;
pub(super) mod rest;
pub(super) mod rules;
pub(super) mod scale;
pub(super) mod stream;
pub(super) mod subscribers;
