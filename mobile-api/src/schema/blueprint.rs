//! Blueprints: rules with inputs, listed and used.

use std::sync::Arc;

use async_graphql::{Context, Enum, Error, ID, InputObject, Object, SimpleObject};
use automations::blueprint::{self, Answer, Use};
use hub_model::{Author, Role};

use crate::asker::Asker;

/// What an input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "automations::blueprint::InputKind")]
enum InputKind {
    /// Devices, as rules choose them: `hall-lamp`, `room:kitchen`, `kind:light in room:hall`.
    Devices,
    /// A scene, by its handle.
    Scene,
    /// A span of time such as `3m`.
    Span,
    /// A time of day such as `22:30`.
    Clock,
    /// Days of the week such as `mon, tue`.
    Days,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A text.
    Text,
}

/// Something that a blueprint wants to know.
#[derive(Debug, SimpleObject)]
#[graphql(name = "BlueprintInput")]
struct Input {
    /// What it is told by.
    id: ID,
    /// For people.
    name: String,
    /// More for people.
    doc: String,
    /// What it takes.
    takes: InputKind,
    /// Properties, actions and occurrences that its devices must have.
    needs: Vec<String>,
    /// What it is where nobody says, as it would be told; null where somebody has to say.
    default: Option<String>,
}

/// A rule with inputs.
#[derive(Debug, SimpleObject)]
struct Blueprint {
    /// What rules use it by.
    id: ID,
    /// For people.
    name: String,
    /// What it does.
    doc: String,
    /// Whether it comes with the hub.
    builtin: bool,
    /// What it wants to know.
    inputs: Vec<Input>,
}

/// What an input is told.
#[derive(Debug, InputObject)]
struct BlueprintAnswer {
    /// The input.
    input: ID,
    /// What it is told, as a person would type it.
    value: String,
}

/// A rule that was made of a blueprint.
#[derive(Debug, SimpleObject)]
struct UsedBlueprint {
    /// The name of its file in the folder of rules.
    file: String,
    /// What stands in it.
    text: String,
}

/// Reading blueprints.
#[derive(Debug, Default)]
pub(crate) struct BlueprintQuery;

/// Using blueprints.
#[derive(Debug, Default)]
pub(crate) struct BlueprintMutation;

#[Object]
impl BlueprintQuery {
    /// The blueprints that come with the hub, and those of the owner. For members.
    async fn blueprints(&self, context: &Context<'_>) -> Result<Vec<Blueprint>, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Member)?;
        let library = asker.rules.blueprints().await?;
        Ok(library.all().map(|blueprint| Blueprint::of(blueprint)).collect())
    }
}

#[Object]
impl BlueprintMutation {
    /// Writes a rule of a blueprint into a new file: as a use of it, which follows when the blueprint changes, or as a
    /// plain rule. It runs soon after. For admins.
    async fn use_blueprint(
        &self,
        context: &Context<'_>,
        blueprint: ID,
        #[graphql(desc = "The name of the rule.")] name: String,
        #[graphql(desc = "What its inputs are told; those that have a default may be left out.")] with: Vec<
            BlueprintAnswer,
        >,
        #[graphql(desc = "Write it out as a plain rule.", default)] plain: bool,
    ) -> Result<UsedBlueprint, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        let library = asker.rules.blueprints().await?;
        let blueprint = Arc::clone(library.find(&blueprint)?);
        let answer = |BlueprintAnswer { input, value }: BlueprintAnswer| {
            let typed = blueprint
                .input(&input)
                .map_or_else(|| Answer::Text(value.as_str().into()), |input| input.takes.typed(&value));
            (input.as_str().into(), typed)
        };
        let answers = with.into_iter().map(answer).collect();
        let used = Use { blueprint: Arc::clone(&blueprint), name, answers };
        let (file, text) =
            asker.rules.use_blueprint(used, plain, Author::from(&asker.session.principal().actor)).await?;
        Ok(UsedBlueprint { file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(), text })
    }
}

impl Blueprint {
    fn of(blueprint: &blueprint::Blueprint) -> Self {
        let input = |input: &blueprint::Input| Input {
            id: ID(input.id.to_string()),
            name: input.name.clone(),
            doc: input.doc.clone(),
            takes: input.takes.into(),
            needs: input.needs.iter().map(ToString::to_string).collect(),
            default: input.default.as_ref().map(ToString::to_string),
        };
        Self {
            id: ID(blueprint.id.to_string()),
            name: blueprint.name.clone(),
            doc: blueprint.doc.clone(),
            builtin: blueprint.builtin,
            inputs: blueprint.inputs.iter().map(input).collect(),
        }
    }
}
