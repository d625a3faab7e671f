//! What all requests share, and the carrying out of GraphQL requests whichever way they came.

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
};

use async_graphql::{Request, Response, ServerError, parser::types::ExecutableDocument};
use automations::Automations;
use bytes::Bytes;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use hub_core::{Hub, Moment, Session};
use hub_model::Principal;
use tokio::sync::Semaphore;

use crate::{
    Pairing,
    answer::Answer,
    answers::Answers,
    asker::Asker,
    cards::Cards,
    document::{self, Followed},
    schema::{self, ApiSchema},
    telling::{Spout, Tellings},
};

/// How many WebSockets may be open at once. One more is answered with 503. It is more than a large house has phones and
/// panels, and leaves the hub a quarter of the 1024 files that a process may usually have open, for databases, brokers and
/// requests.
pub(crate) const SOCKETS: usize = 768;

/// What all requests share.
pub(crate) struct Api {
    /// The hub.
    pub(crate) hub: Hub,
    /// Its rules.
    pub(crate) rules: Automations,
    /// Where codes are redeemed.
    pub(crate) pairing: Pairing,
    /// Answers that were given before.
    pub(crate) answers: Answers,
    /// Devices as they were written before.
    cards: Arc<Cards>,
    /// What is told to many at once.
    tellings: Tellings,
    /// One permit for each WebSocket that may be open.
    pub(crate) sockets: Arc<Semaphore>,
    /// For `/metrics`.
    pub(crate) counters: Counters,
    schema: ApiSchema,
}

/// What was done since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// HTTP requests for GraphQL.
    pub(crate) requests: AtomicU64,
    /// Of these, those whose answer was given before.
    pub(crate) answered_again: AtomicU64,
    /// Requests without a token, or with a wrong one.
    pub(crate) unauthorized: AtomicU64,
    /// Messages of subscriptions.
    pub(crate) messages: AtomicU64,
    /// Snapshots and events that were written for one subscriber alone.
    pub(crate) told_alone: AtomicU64,
    /// WebSockets that were closed because they took too long to take a message.
    pub(crate) too_slow: AtomicU64,
    /// Subscriptions that are open.
    pub(crate) subscriptions: AtomicUsize,
}

impl Api {
    /// What all requests to a hub share.
    pub(crate) fn new(hub: Hub, rules: Automations, pairing: Pairing) -> Arc<Self> {
        Arc::new(Self {
            hub,
            rules,
            pairing,
            answers: Answers::default(),
            cards: Arc::default(),
            tellings: Tellings::default(),
            sockets: Arc::new(Semaphore::new(SOCKETS)),
            counters: Counters::default(),
            schema: schema::shared(),
        })
    }

    /// Somebody who asks.
    pub(crate) fn asker(&self, session: Session) -> Asker {
        Asker::new(session, self.rules.clone(), self.pairing.clone(), Arc::clone(&self.cards))
    }

    /// Carries out a query or mutation. The second part tells whether the answer depends on the home alone. With `text`,
    /// the whole of the request, its lists of devices may be made of cards that were written before.
    pub(crate) async fn execute(
        &self,
        mut asker: Asker,
        mut request: Request,
        text: Option<&Bytes>,
    ) -> (Response, bool) {
        let document = match admit(&mut request) {
            Ok(document) => document,
            Err(error) => return (Response::from_errors(vec![error]), false),
        };
        let of_the_home = document::is_of_the_home(document);
        let has_cards = asker.session.principal().sees_all() && document::has_cards(document);
        asker.cards = text.filter(|_| has_cards).cloned();
        let response = self.schema.execute(request.data(Arc::new(asker))).await;
        let keepable = of_the_home && response.is_ok();
        (response, keepable)
    }

    /// Carries out any operation, a subscription as well.
    pub(crate) fn stream(self: &Arc<Self>, session: Session, mut request: Request) -> BoxStream<'static, Answer> {
        let document = match admit(&mut request) {
            Ok(document) => document.clone(),
            Err(error) => {
                return stream::once(ready(Response::from_errors(vec![error]).into())).boxed();
            }
        };
        let followed = Followed::of(&document, &request).filter(|_| session.principal().sees_all());
        if let Some(followed) = followed
            && let Some(answers) = self.follow(&session, &document, followed)
        {
            return answers;
        }
        let asker = Arc::new(self.asker(session));
        self.schema.execute_stream(request.data(asker)).map(Answer::from).boxed()
    }

    /// Tells events together with everybody who asks for the same.
    fn follow(
        self: &Arc<Self>,
        session: &Session,
        document: &ExecutableDocument,
        followed: Followed,
    ) -> Option<BoxStream<'static, Answer>> {
        let role = session.principal().role;
        let asked = (role, followed.text());
        let Followed { since, query, variables, operation, .. } = followed;
        let document = document.clone();
        let ask = move |asker: Asker, spout: Spout| {
            let mut request = Request::new(query.as_str()).variables(variables.clone());
            request.operation_name.clone_from(&operation);
            request.set_parsed_query(document.clone());
            request.data(Arc::new(asker)).data(spout)
        };
        // What an event is told as depends on the role alone, so that the one who asked first is not remembered.
        let everyone = self.hub.session(Principal { role, ..Principal::hub() });
        let begin = |spout| self.schema.execute_stream(ask(self.asker(everyone), spout));
        let telling = self.tellings.listen(asked, begin)?;
        let (api, session) = (Arc::clone(self), session.clone());
        let answers = schema::moments(session.clone(), since).then(move |moment| {
            let told = if let Moment::Event(event) = &moment { telling.tell(event) } else { None };
            // A snapshot is told to one alone.
            let alone = || {
                api.counters.told_alone.fetch_add(1, Relaxed);
                api.schema.execute_stream(ask(api.asker(session.clone()), Spout::with(moment)))
            };
            let mut alone = told.is_none().then(alone).unwrap_or_else(|| stream::empty().boxed());
            async move { told.or(alone.next().await.map(Answer::from)) }
        });
        Some(answers.filter_map(ready).boxed())
    }
}

/// Parses the document, once, and looks at its size.
fn admit(request: &mut Request) -> Result<&ExecutableDocument, ServerError> {
    if request.query.trim().is_empty() {
        return Err(ServerError::new("`query` is missing: send {\"query\": \"{ home { name } }\"}", None));
    }
    let document = request.parsed_query()?;
    document::check(document).map_err(|error| ServerError::new(error.to_string(), None))?;
    Ok(document)
}
