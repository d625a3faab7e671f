//! Whether a document does nothing but follow `events`, and from which cursor on: all who ask the same can then be told
//! together, wherever each began.

use async_graphql::{
    Name, Request, Value, Variables,
    parser::types::{ExecutableDocument, OperationType, Selection},
};
use hub_model::Cursor;

/// A subscription to events and nothing else.
#[derive(Debug)]
pub(crate) struct Followed {
    /// After which event it begins.
    pub(crate) since: Option<Cursor>,
    /// The document's text.
    pub(crate) query: String,
    /// Its variables.
    pub(crate) variables: Variables,
    /// Which operation was asked for by name.
    pub(crate) operation: Option<String>,
    /// The variable that `since` comes from.
    of_since: Option<Name>,
}

impl Followed {
    /// What a request follows; `None` for every other one, and for one whose `since` is not plain.
    pub(crate) fn of(document: &ExecutableDocument, request: &Request) -> Option<Self> {
        let mut operations = document.operations.iter();
        let (Some((_, operation)), None) = (operations.next(), operations.next()) else { return None };
        let [root] = &operation.node.selection_set.node.items[..] else { return None };
        let Selection::Field(field) = &root.node else { return None };
        let plain = operation.node.ty == OperationType::Subscription
            && field.node.name.node == "events"
            && field.node.directives.is_empty()
            && operation.node.directives.is_empty();
        if !plain {
            return None;
        }
        let (query, variables, operation) =
            (request.query.clone(), request.variables.clone(), request.operation_name.clone());
        let mut of_since = None;
        let given = |name: Name| {
            let value = variables.get(&name).cloned();
            of_since = Some(name);
            value.ok_or(())
        };
        let since = match field.node.get_argument("since") {
            Some(since) => since.node.clone().into_const_with(given).ok()?,
            None => Value::Null,
        };
        let since = match since {
            Value::Null => None,
            Value::String(text) => Some(text.parse().ok()?),
            _ => return None,
        };
        Some(Self { since, query, variables, operation, of_since })
    }

    /// What is asked, whatever it begins after. A variable that says so can't say anything else, as nothing else takes
    /// a cursor.
    pub(crate) fn text(&self) -> String {
        let mut variables = self.variables.clone();
        if let Some(name) = &self.of_since {
            variables.insert(name.clone(), Value::Null);
        }
        serde_json::json!([self.query, variables, self.operation]).to_string()
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    fn followed(text: &str, variables: Value) -> Option<Followed> {
        let mut request = Request::new(text).variables(Variables::from_value(variables));
        let document = request.parsed_query().unwrap().clone();
        Followed::of(&document, &request)
    }

    #[test]
    fn who_begins_elsewhere_asks_the_same() {
        let text = "subscription($s: Cursor) { events(since: $s) { cursor } }";
        let early = followed(text, value!({ "s": "3:120" })).unwrap();
        let late = followed(text, value!({ "s": "3:999" })).unwrap();
        assert_eq!((early.since, late.since), ("3:120".parse().ok(), "3:999".parse().ok()));
        assert_eq!(early.text(), late.text());
        assert_ne!(early.text(), followed("subscription { events { cursor } }", value!({})).unwrap().text());
    }

    #[test]
    fn what_is_not_plainly_events_is_not_followed() {
        for text in [
            "{ home { name } }",
            "subscription { events { cursor } more: events { at } }",
            "subscription { ... on Subscription { events { cursor } } }",
            "subscription { events @skip(if: true) { cursor } }",
            "subscription { events(since: \"yesterday\") { cursor } }",
            "subscription($s: Cursor = \"3:1\") { events(since: $s) { cursor } }",
            "subscription { onboarding(id: 1) { step } }",
        ] {
            assert!(followed(text, value!({})).is_none(), "{text}");
        }
    }
}
