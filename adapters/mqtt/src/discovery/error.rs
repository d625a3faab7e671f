//! What can be wrong with a configuration.

use crate::template::TemplateError;

/// Why a configuration gives no entity. Each names the field; the remedy lies with whoever published it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It is no JSON object.
    #[error("the configuration is no JSON object ({0}): publish it again, or delete it with an empty retained message")]
    NotAnObject(String),
    /// A field is missing.
    #[error("`{0}` is missing: the program that published this configuration should set it")]
    Missing(&'static str),
    /// A field holds something else than it should.
    #[error("`{field}` should be {wanted}: the program that published this configuration should correct it")]
    WrongKind {
        /// The field.
        field: String,
        /// What it takes.
        wanted: &'static str,
    },
    /// A field names no topic.
    #[error("`{field}` is `{topic}`, which is no topic: topics have no `+`, no `#` and at most 1024 bytes")]
    NotATopic {
        /// The field.
        field: &'static str,
        /// What it says.
        topic: String,
    },
    /// A template cannot be compiled.
    #[error("`{field}`: {source}")]
    Template {
        /// The field.
        field: &'static str,
        /// Why.
        source: TemplateError,
    },
    /// It would show a secret, such as a lock's PIN; it is left out on purpose.
    #[error("the entity would show a secret")]
    Secret,
    /// It only says that its entities will be configured under another topic; until then they stay.
    #[error("the entities move to another configuration")]
    Migrating,
    /// This hub has no use for such a kind of entity.
    #[error("entities of the kind `{component}` are left out: {why}")]
    LeftOut {
        /// The kind.
        component: String,
        /// Why.
        why: &'static str,
    },
}
