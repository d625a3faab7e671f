//! Subscriptions.

use async_graphql::{Context, Error, ID, Subscription as GraphQlSubscription};
use futures_util::{Stream, StreamExt as _, stream};
use hub_core::{Moment, Session};
use hub_model::{CandidateId, Role, What};

use super::{event::Event, onboarding::Progress};
use crate::{asker::Asker, find, scalar::Cursor, sight, telling::Spout};

/// What can be watched.
pub(crate) struct Subscription;

#[GraphQlSubscription]
impl Subscription {
    /// What happens in the home, from `since` on; a snapshot first where that can't be had without a gap, or no
    /// `since` is given.
    async fn events(&self, context: &Context<'_>, since: Option<Cursor>) -> impl Stream<Item = Event> + use<> {
        let session = Asker::of(context).session.clone();
        let moments = match context.data_opt::<Spout>() {
            Some(spout) => spout.clone().moments().boxed(),
            None => moments(session.clone(), since.map(|since| since.0)).boxed(),
        };
        moments.map(move |moment| Event::new(session.clone(), moment))
    }

    /// How far adding a device has come, from its first step; it ends with `done` or `failed`.
    async fn onboarding(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What `add` answered.")] id: ID,
    ) -> Result<impl Stream<Item = Progress> + use<>, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        let wanted: CandidateId = find::id("onboarding", &id)?;
        let none = || Error::new(format!("there is no onboarding `{}`: begin one with `add`", id.as_str()));
        let watch = asker.session.onboarding(wanted).ok_or_else(none)?;
        Ok(stream::unfold(watch, |mut watch| async move { Some((Progress::from(watch.next().await?), watch)) }))
    }
}

/// What a session is told from a cursor on.
pub(crate) fn moments(session: Session, since: Option<hub_model::Cursor>) -> impl Stream<Item = Moment> {
    let watch = session.watch(since);
    stream::unfold((session, watch), |(session, mut watch)| async move {
        loop {
            let moment = watch.next().await?;
            if is_for(&session, &moment) {
                return Some((moment, (session, watch)));
            }
        }
    })
}

/// The watch knows about devices; that a notice is for some people only is known here.
fn is_for(session: &Session, moment: &Moment) -> bool {
    match moment {
        Moment::Event(event) => match &event.what {
            What::Notice(notice) => sight::shows_notice(&session.view(), notice),
            _ => true,
        },
        Moment::Snapshot(_) => true,
    }
}
