//! The sample home on a Monday in Berlin.

use std::{path::Path as FilePath, sync::Arc};

use crate::{
    parse::parse,
    review::{Review, review},
    rule::Rule,
    sample,
};

pub(super) fn rules(text: &str) -> Vec<Arc<Rule>> {
    let parsed = parse(&FilePath::new("rules.toml").into(), text);
    assert_eq!(parsed.broken, [], "{text}");
    parsed.rules.into_iter().map(Arc::new).collect()
}

pub(super) fn review_of(rules: &[Arc<Rule>]) -> Review {
    review(rules, &sample::home("Europe/Berlin"), "2026-11-23T11:00:00Z".parse().unwrap())
}

/// The findings on some rules, each in words.
pub(super) fn found(text: &str) -> Vec<String> {
    let review = review_of(&rules(text));
    assert!(!review.cut_short);
    review.findings.iter().map(|finding| finding.fault.to_string()).collect()
}
