//! The arrows between crates: each may know those below it, and no other. ARCHITECTURE.md argues them.

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, Metadata};

/// Stands for every adapter.
const ADAPTERS: &str = "adapter-*";

/// Who may know whom. What stands in no row may know nothing of ours.
const MAY_KNOW: &[(&str, &[&str])] = &[
    (
        "hub-daemon",
        &["mobile-api", "automations", "hub-mirror", ADAPTERS, "adapter-api", "hub-core", "hub-store", "hub-model"],
    ),
    ("mobile-api", &["automations", "hub-core", "hub-model"]),
    ("automations", &["hub-core", "hub-model"]),
    ("hub-mirror", &["hub-core", "hub-model"]),
    ("hub-core", &["adapter-api", "hub-store", "hub-model"]),
    (ADAPTERS, &["adapter-api", "hub-model"]),
    ("adapter-api", &["hub-model"]),
    ("hub-store", &["hub-model"]),
    ("hub-model", &[]),
    ("xtask", &["hub-model"]),
    ("fuzz-targets", &["mobile-api", "automations", ADAPTERS, "hub-core", "hub-store", "hub-model"]),
];

/// hub-model is the vocabulary: it does nothing, so it needs nothing that does.
const FORBIDDEN_IN_MODEL: &[&str] = &["tokio", "rusqlite", "axum", "async-graphql", "tracing"];

/// The arrows that point where they must not. Those of tests are free.
pub(super) fn check(metadata: &Metadata) -> Vec<String> {
    let mut known = BTreeMap::new();
    for package in metadata.workspace_packages() {
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
        known.insert(package.name.to_string(), normal.map(|dependency| dependency.name.clone()).collect::<Vec<_>>());
    }
    faults(&known)
}

fn faults(known: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut faults = Vec::new();
    for (package, dependencies) in known {
        for dependency in dependencies {
            let ours = known.contains_key(dependency);
            if ours && !may_know(package, dependency) {
                faults.push(format!("{package} must not know {dependency}: arrows point down (see ARCHITECTURE.md)"));
            }
            if package == "hub-model" && FORBIDDEN_IN_MODEL.contains(&&**dependency) {
                faults.push(format!("hub-model must not know {dependency}: it holds no I/O and no runtime"));
            }
        }
    }
    faults
}

fn may_know(package: &str, dependency: &str) -> bool {
    let package = if is_adapter(package) { ADAPTERS } else { package };
    let row = MAY_KNOW.iter().find(|(name, _)| *name == package);
    row.is_some_and(|(_, below)| below.contains(&dependency) || (is_adapter(dependency) && below.contains(&ADAPTERS)))
}

fn is_adapter(package: &str) -> bool {
    package.starts_with("adapter-") && package != "adapter-api"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arrows: &[(&str, &[&str])]) -> Vec<String> {
        let owned =
            |(name, below): &(&str, &[&str])| ((*name).to_owned(), below.iter().map(|&name| name.into()).collect());
        faults(&arrows.iter().map(owned).collect())
    }

    #[test]
    fn arrows_point_down() {
        assert!(
            check(&[
                ("hub-daemon", &["adapter-mqtt", "serde"]),
                ("adapter-mqtt", &["adapter-api"]),
                ("adapter-api", &[])
            ])
            .is_empty()
        );
        assert_eq!(check(&[("adapter-mqtt", &["adapter-wifi"]), ("adapter-wifi", &[])]).len(), 1);
        assert_eq!(check(&[("mobile-api", &["hub-store"]), ("hub-store", &[])]).len(), 1);
        assert_eq!(check(&[("a-newcomer", &["hub-model"]), ("hub-model", &["tokio"])]).len(), 2);
    }
}
