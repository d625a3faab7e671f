//! Texts that a rule might be made of.

use proptest::prelude::*;

/// Text that looks like a rule, so that it gets past the syntax.
pub(super) fn nearly_a_rule() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(vec![
        "name",
        "when",
        "then",
        "if",
        "rule",
        "property",
        "of",
        "becomes",
        "held",
        "at",
        "days",
        "set",
        "target",
        "all",
        "not",
        "any_of",
        "is",
        "\"on_off.on\"",
        "color.value",
        "invoke",
        "action",
        "notify",
        "\"\"",
        "x.a.b",
    ]);
    let scalar = prop_oneof![
        Just("true".to_owned()),
        Just("nan".to_owned()),
        Just("07:00:00".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        "[a-z:/. _0-9-]{0,24}".prop_map(|text| format!("\"{text}\"")),
        "\\PC{0,12}".prop_map(|text| format!("'{}'", text.replace('\'', ""))),
    ];
    let value = scalar.prop_recursive(4, 24, 4, move |inner| {
        let keys =
            proptest::sample::subsequence(vec!["of", "is", "not", "all", "set", "target", "when", "h", "s"], 0..4);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(", "))),
            (keys, proptest::collection::vec(inner, 4)).prop_map(|(keys, values)| {
                let pairs: Vec<_> = keys.iter().zip(values).map(|(key, value)| format!("{key} = {value}")).collect();
                format!("{{ {} }}", pairs.join(", "))
            }),
        ]
    });
    proptest::collection::vec(
        (proptest::sample::select(vec!["", "[[when]]\n", "[[then]]\n", "[if]\n"]), word, value),
        0..8,
    )
    .prop_map(|lines| lines.into_iter().map(|(header, key, value)| format!("{header}{key} = {value}\n")).collect())
}
