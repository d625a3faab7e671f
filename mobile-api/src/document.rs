//! Whether a document may be carried out at all, and whether its answer can be kept. Pure.
//!
//! This comes before validation, which takes time that grows with what fragments spread out to.

mod card;
mod followed;

use std::collections::HashMap;

pub(crate) use self::{card::has_cards, followed::Followed};

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet},
};

/// How deep a document may nest after its fragments are spread. The usual introspection query needs 15; and as lists
/// multiply what is below them by 20 at most, no product of so many overflows.
const DEPTH: usize = 18;
/// How many fields a document may have after its fragments are spread.
const FIELDS: usize = 4000;
/// How many aliases a document may have after its fragments are spread: they ask for the same thing again.
const ALIASES: usize = 64;
/// How many operations and fragments a document may have.
const DEFINITIONS: usize = 64;

/// Queries whose answer depends on the asker's view of the home and on nothing else.
const OF_THE_HOME: [&str; 9] =
    ["home", "floors", "rooms", "groups", "scenes", "people", "devices", "device", "capabilities"];

/// A document that asks for too much.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooMuch {
    /// Too many fields.
    #[error("the document asks for more than {FIELDS} fields: ask in several requests")]
    Fields,
    /// Too deep.
    #[error("the document nests more than {DEPTH} deep: ask for the inner things in a request of their own")]
    Depth,
    /// Too many aliases.
    #[error("the document has more than {ALIASES} aliases: ask in several requests")]
    Aliases,
    /// Too many operations and fragments.
    #[error("the document has more than {DEFINITIONS} operations and fragments: send those that are needed")]
    Definitions,
    /// A fragment that never ends.
    #[error("the fragment `{0}` contains itself")]
    Endless(Name),
}

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    fields: usize,
    aliases: usize,
}

/// Checks the size of a document.
pub(crate) fn check(document: &ExecutableDocument) -> Result<(), TooMuch> {
    if document.operations.iter().len() + document.fragments.len() > DEFINITIONS {
        return Err(TooMuch::Definitions);
    }
    let mut sizes = HashMap::new();
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    for selection in operations.chain(fragments) {
        let size = measure(document, selection, &mut sizes)?;
        if size.depth > DEPTH {
            return Err(TooMuch::Depth);
        }
        if size.fields > FIELDS {
            return Err(TooMuch::Fields);
        }
        if size.aliases > ALIASES {
            return Err(TooMuch::Aliases);
        }
    }
    Ok(())
}

/// `sizes` holds what is known of fragments; `None` while one is being measured.
fn measure<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    sizes: &mut HashMap<&'a Name, Option<Size>>,
) -> Result<Size, TooMuch> {
    let mut total = Size::default();
    for selection in &set.items {
        let (own, inner) = match &selection.node {
            Selection::Field(field) => {
                let own = Size { depth: 1, fields: 1, aliases: usize::from(field.node.alias.is_some()) };
                (own, measure(document, &field.node.selection_set.node, sizes)?)
            }
            Selection::InlineFragment(inline) => {
                (Size::default(), measure(document, &inline.node.selection_set.node, sizes)?)
            }
            Selection::FragmentSpread(spread) => {
                (Size::default(), measure_fragment(document, &spread.node.fragment_name.node, sizes)?)
            }
        };
        total.depth = total.depth.max(own.depth + inner.depth);
        total.fields = total.fields.saturating_add(own.fields).saturating_add(inner.fields);
        total.aliases = total.aliases.saturating_add(own.aliases).saturating_add(inner.aliases);
    }
    Ok(total)
}

fn measure_fragment<'a>(
    document: &'a ExecutableDocument,
    name: &'a Name,
    sizes: &mut HashMap<&'a Name, Option<Size>>,
) -> Result<Size, TooMuch> {
    match sizes.get(name) {
        Some(Some(size)) => return Ok(*size),
        Some(None) => return Err(TooMuch::Endless(name.clone())),
        None => {}
    }
    // Validation says what is wrong with a fragment that isn't there.
    let Some(fragment) = document.fragments.get(name) else { return Ok(Size::default()) };
    sizes.insert(name, None);
    let size = measure(document, &fragment.node.selection_set.node, sizes)?;
    sizes.insert(name, Some(size));
    Ok(size)
}

/// Whether every operation is a query of the home alone, with plain fields at its root.
pub(crate) fn is_of_the_home(document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|(_, operation)| {
        operation.node.ty == OperationType::Query
            && operation.node.selection_set.node.items.iter().all(|selection| match &selection.node {
                Selection::Field(field) => OF_THE_HOME.contains(&field.node.name.node.as_str()),
                Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
            })
    })
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn checked(text: &str) -> Result<(), TooMuch> {
        check(&parse_query(text).unwrap())
    }

    #[test]
    fn fragments_count_as_often_as_they_are_spread() {
        let bomb: String =
            (0..40).map(|n| format!("fragment f{n} on Query {{ ...f{m} ...f{m} }}\n", m = n + 1)).collect();
        assert_eq!(
            checked(&format!("{{ ...f0 }}\n{bomb}fragment f40 on Query {{ home {{ name }} }}")),
            Err(TooMuch::Fields)
        );
    }

    #[test]
    fn a_fragment_that_contains_itself_is_named() {
        let document = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
        assert!(matches!(checked(document), Err(TooMuch::Endless(_))));
    }

    #[test]
    fn aliases_and_definitions_are_bounded() {
        let aliases: String = (0..=ALIASES).map(|n| format!("a{n}: home {{ name }} ")).collect();
        assert_eq!(checked(&format!("{{ {aliases} }}")), Err(TooMuch::Aliases));
        let operations: String = (0..=DEFINITIONS).map(|n| format!("query q{n} {{ home {{ name }} }} ")).collect();
        assert_eq!(checked(&operations), Err(TooMuch::Definitions));
        assert_eq!(checked("{ home { name } }"), Ok(()));
    }

    #[test]
    fn only_queries_of_the_home_can_be_kept() {
        let kept = |text: &str| is_of_the_home(&parse_query(text).unwrap());
        assert!(kept("query($id: ID!) { device(id: $id) { name } devices { id } }"));
        assert!(!kept("{ devices { id } notices { text } }"));
        assert!(!kept("{ ... on Query { notices { text } } }"));
        assert!(!kept("mutation { runScene(id: 1) { outcome } }"));
    }
}
