use std::collections::HashSet;

use super::*;

/// Every form that can be met in a file.
fn forms() -> Vec<&'static Form> {
    let (mut seen, mut open) = (HashSet::new(), vec![&FILE, &PROPERTY]);
    let mut forms: Vec<&'static Form> = Vec::new();
    while let Some(form) = open.pop() {
        if !seen.insert(form.name) {
            continue;
        }
        forms.push(form);
        open.extend(form.rows().filter_map(|key| match key.takes {
            Takes::Table(inner)
            | Takes::Tables(inner)
            | Takes::TextOr(inner)
            | Takes::TextsOr(inner)
            | Takes::WordOrTables(_, inner)
            | Takes::Lists(inner) => Some(inner),
            _ => None,
        }));
    }
    forms
}

#[test]
fn a_key_stands_once_in_its_form_and_is_documented() {
    assert!(forms().len() >= 12);
    for form in forms() {
        let mut seen = HashSet::new();
        for key in form.keys {
            assert!(seen.insert(key.name), "{} has `{}` twice", form.name, key.name);
            assert!(key.doc.ends_with('.'), "{} of {}", key.name, form.name);
        }
        let has_chiefs = form.rows().any(|key| key.need == Need::Chief);
        assert_eq!(has_chiefs, form.chiefs != Chiefs::None, "{}", form.name);
    }
}
