use std::collections::HashSet;

use super::*;

#[test]
fn every_row_is_named_after_its_capability_and_only_once() {
    let mut seen = HashSet::new();
    for capability in CAPABILITIES {
        let names = capability.properties.iter().map(|spec| spec.name);
        let names = names.chain(capability.actions.iter().map(|spec| spec.name));
        for name in names.chain(capability.occurrences.iter().map(|spec| spec.name)) {
            assert_eq!(capability_of(name), capability.name, "{name}");
            assert!(seen.insert(name), "{name} stands twice");
        }
        assert!(capability.doc.ends_with('.'), "{}", capability.name);
    }
}

#[test]
fn every_property_is_documented_and_its_limits_are_a_span() {
    for spec in properties() {
        assert!(spec.doc.ends_with('.'), "{}", spec.name);
        if let Kind::Number(limits) = spec.kind {
            assert!(limits.min < limits.max, "{}", spec.name);
        }
        if let Kind::Choice(words) = spec.kind {
            assert!(words.len() > 1, "{}", spec.name);
        }
        let summable = matches!(spec.kind, Kind::Number(_));
        assert!(summable || matches!(spec.summary, Summary::Last | Summary::None), "{}", spec.name);
    }
}

#[test]
fn the_table_reads_as_reviewed() {
    let rows: Vec<String> = properties()
        .map(|spec| format!("{} {:?} {:?} {:?} {:?}", spec.name, spec.kind, spec.unit, spec.access, spec.summary))
        .chain(actions().map(|spec| {
            let parameters: Vec<_> = spec.parameters.iter().map(|parameter| parameter.name).collect();
            format!("{}({})", spec.name, parameters.join(", "))
        }))
        .chain(occurrences().map(|spec| format!("{}!", spec.name)))
        .collect();
    insta::assert_snapshot!(rows.join("\n"));
}
