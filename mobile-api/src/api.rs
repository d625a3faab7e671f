//! What all requests share, and the carrying out of GraphQL requests whichever way they came.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize},
};

use async_graphql::{Request, Response, ServerError};
use automations::Automations;
use futures_util::stream::BoxStream;
use hub_core::{Hub, Session};
use tokio::sync::Semaphore;

use crate::{
    Pairing,
    answers::Answers,
    asker::Asker,
    document,
    schema::{self, ApiSchema},
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
            sockets: Arc::new(Semaphore::new(SOCKETS)),
            counters: Counters::default(),
            schema: schema::shared(),
        })
    }

    /// Somebody who asks.
    pub(crate) fn asker(&self, session: Session) -> Asker {
        Asker::new(session, self.rules.clone(), self.pairing.clone())
    }

    /// Carries out a query or mutation. The second part tells whether the answer depends on the home alone.
    pub(crate) async fn execute(&self, asker: Arc<Asker>, mut request: Request) -> (Response, bool) {
        match admit(&mut request) {
            Ok(of_the_home) => {
                let response = self.schema.execute(request.data(asker)).await;
                let keepable = of_the_home && response.is_ok();
                (response, keepable)
            }
            Err(error) => (Response::from_errors(vec![error]), false),
        }
    }

    /// Carries out any operation, a subscription as well.
    pub(crate) fn stream(&self, session: Session, mut request: Request) -> BoxStream<'static, Response> {
        match admit(&mut request) {
            Ok(_) => self.schema.execute_stream(request.data(Arc::new(self.asker(session)))),
            Err(error) => Box::pin(futures_util::stream::iter([Response::from_errors(vec![error])])),
        }
    }
}

/// Parses the document, once, and looks at its size. Whether its answer depends on the home alone.
fn admit(request: &mut Request) -> Result<bool, ServerError> {
    if request.query.trim().is_empty() {
        return Err(ServerError::new("`query` is missing: send {\"query\": \"{ home { name } }\"}", None));
    }
    let document = request.parsed_query()?;
    document::check(document).map_err(|error| ServerError::new(error.to_string(), None))?;
    Ok(document::is_of_the_home(document))
}
