//! GraphQL: a body that is JSON is sent as it stands, any other text is sent as a document. It goes through the router of
//! the API with the rights of the owner, to a hub with a store of its own.

use std::{cell::RefCell, sync::Arc};

use automations::{Automations, Setup};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, header},
};
use hub_core::Hub;
use hub_store::{Change, Options, Store};
use mobile_api::Pairing;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use crate::home;

/// After so many requests the home is made anew: what they put into it would slow the next ones down.
const REQUESTS: u32 = 2000;

thread_local! {
    static HOUSE: RefCell<Option<House>> = const { RefCell::new(None) };
}

struct House {
    router: Router,
    left: u32,
    hub: Hub,
    _folder: TempDir,
    runtime: Runtime,
}

/// Every request is answered, with data or with what is wrong with it.
pub(crate) fn read(bytes: &[u8]) {
    HOUSE.with_borrow_mut(|house| {
        let open = house.get_or_insert_with(House::open);
        open.ask(bytes);
        open.left -= 1;
        if open.left == 0 {
            open.runtime.block_on(open.hub.stop());
            *house = None;
        }
    });
}

/// The words of the schema.
pub(crate) fn words() -> Vec<String> {
    let schema = include_str!("../../../mobile-api/schema.graphql");
    schema.split(|letter: char| !letter.is_alphanumeric() && letter != '_').map(str::to_owned).collect()
}

impl House {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let runtime = Runtime::new().expect("there are threads");
        let (hub, router) = runtime.block_on(async {
            let store = Store::open(folder.path(), Options::default()).expect("the folder is new").store;
            let devices = home::devices().into_iter().map(|device| Change::PutDevice(Arc::new(device)));
            let rooms = home::rooms().map(Change::PutRoom);
            let all = rooms.chain(devices).chain([Change::PutScene(home::scene())]).collect();
            store.commit(all).await.expect("the disk is well");
            store.close().await;
            let opened = Store::open(folder.path(), Options::default()).expect("it was closed");
            let hub = Hub::start(opened, Vec::new());
            let rules = Automations::start(hub.clone(), Setup::of(folder.path().join("automations")));
            let router = mobile_api::local_router(hub.clone(), rules, Pairing::default());
            (hub, router)
        });
        Self { router, left: REQUESTS, hub, _folder: folder, runtime }
    }

    fn ask(&self, bytes: &[u8]) {
        let is_body =
            matches!(bytes.first(), Some(b'{' | b'[')) && serde_json::from_slice::<serde_json::Value>(bytes).is_ok();
        let body = if is_body {
            bytes.to_vec()
        } else {
            json!({ "query": String::from_utf8_lossy(bytes) }).to_string().into_bytes()
        };
        let request =
            Request::builder().method(Method::POST).uri("/graphql").header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body)).expect("these headers are sound");
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.expect("a router always answers");
            let status = answer.status();
            let body = to_bytes(answer.into_body(), usize::MAX).await.expect("the answer is in memory");
            assert!(!status.is_server_error(), "{status}: {}", String::from_utf8_lossy(&body));
            if status.is_success() {
                let answer: serde_json::Value = serde_json::from_slice(&body).expect("an answer is JSON");
                assert!(answer.is_object() || answer.is_array(), "{answer} is no answer");
            }
        });
    }
}
