//! Commands to devices.

use std::time::Duration;

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use hub_core::Control;
use hub_model::{CommandKey, Target};

use super::word::Outcome;
use crate::{
    asker::Asker,
    find,
    generated::{InvokeInput, SetInput},
};

/// The longest time that a change may be asked to take, in s.
const LONGEST_TRANSITION: f64 = 24.0 * 3600.0;

/// What became of a command.
#[derive(Debug, SimpleObject)]
struct Controlled {
    /// How it ended.
    outcome: Outcome,
    /// Why, where it did not go well.
    reason: Option<String>,
    /// The command, as causes name it.
    command: CommandName,
}

/// A command.
#[derive(Debug, SimpleObject)]
struct CommandName {
    /// Ours.
    id: ID,
}

/// An argument of a command that can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadCommand {
    /// A transition that is no time.
    #[error("`transition` is a time in seconds, 0 to 86400")]
    Transition,
    /// A key that is too long.
    #[error("`key` has 1 to 128 bytes")]
    Key,
}

/// Commands.
#[derive(Debug, Default)]
pub(crate) struct ControlMutation;

#[Object]
impl ControlMutation {
    /// Sets any properties of an endpoint as one command, or takes one action, and answers when the device has done it
    /// or it is clear that it won't.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the mutation")]
    async fn control(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The device's id or handle.")] device: ID,
        #[graphql(desc = "Its endpoint.", default_with = "first()")] endpoint: ID,
        #[graphql(desc = "What to set.")] set: Option<SetInput>,
        #[graphql(desc = "What to do.")] invoke: Option<InvokeInput>,
        #[graphql(desc = "How long the change shall take, in s.")] transition: Option<f64>,
        #[graphql(desc = "Sent again with the same key within an hour, it acts once.")] key: Option<String>,
    ) -> Result<Controlled, Error> {
        let asker = Asker::of(context);
        let target = target(asker, &device, &endpoint)?;
        let control = Control {
            target,
            set: set.map(SetInput::pairs).transpose()?.unwrap_or_default(),
            invoke: invoke.map(InvokeInput::invoke).transpose()?,
            transition: transition.map(transition_of).transpose()?,
            key: key.map(key_of).transpose()?,
            cause: None,
        };
        let ended = asker.session.submit(control).await?;
        let command = CommandName { id: ended.id.into() };
        Ok(Controlled { outcome: ended.outcome.into(), reason: ended.reason, command })
    }
}

/// The first endpoint, where none is named.
pub(crate) fn first() -> ID {
    ID("1".into())
}

/// The endpoint that an id or handle and an endpoint's name mean.
pub(crate) fn target(asker: &Asker, device: &ID, endpoint: &ID) -> Result<Target, find::NoSuch> {
    let view = asker.fresh();
    let known = find::device(&view, device)?;
    Ok(Target { device: known.device.id, endpoint: find::endpoint(&known.device, endpoint)? })
}

/// A time to take for a change.
pub(crate) fn transition_of(seconds: f64) -> Result<Duration, BadCommand> {
    let sound = (0.0..=LONGEST_TRANSITION).contains(&seconds);
    if sound { Ok(Duration::from_secs_f64(seconds)) } else { Err(BadCommand::Transition) }
}

/// The caller's mark on a command.
pub(crate) fn key_of(key: String) -> Result<CommandKey, BadCommand> {
    if (1..=128).contains(&key.len()) { Ok(CommandKey(key.into())) } else { Err(BadCommand::Key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transition_is_a_time_of_a_day_at_most() {
        assert_eq!(transition_of(2.5), Ok(Duration::from_millis(2500)));
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert_eq!(transition_of(bad), Err(BadCommand::Transition));
        }
    }
}
