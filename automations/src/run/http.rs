//! Calls of servers: to hosts that the owner allows, and no further.

use std::{fmt, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full, Limited};
use hub_core::Secret;
use hyper::{
    Method, Request, StatusCode, Uri,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::sync::{OnceCell, Semaphore};

use crate::{plan::Call, rule::HttpMethod};

/// What is read of an answer; a longer one is a failure.
const LONGEST_ANSWER: usize = 64 << 10;
/// How long the reading of a text may take.
const LONGEST_READING: Duration = Duration::from_secs(30);
/// Calls under way at once. One more waits, within the time that it may take.
const AT_ONCE: usize = 16;

/// The way to servers.
pub(super) struct Web {
    hosts: Vec<Host>,
    client: OnceCell<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
    at_once: Semaphore,
}

/// A host that may be called: any port of it, or one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Host {
    name: String,
    port: Option<u16>,
}

/// What a server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answered(StatusCode);

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ": {}", self.0)
    }
}

impl Web {
    /// A way to these hosts (`example.org`, `192.168.1.5:8080`).
    pub(super) fn new(hosts: &[String]) -> Self {
        let hosts = hosts.iter().map(|text| Host::of(text)).collect();
        Self { hosts, client: OnceCell::new(), at_once: Semaphore::new(AT_ONCE) }
    }

    /// Calls a server. A redirect is not followed, as it may lead to a host that is not allowed.
    pub(super) async fn call(
        &self,
        call: &Call,
        body: Option<String>,
        token: Option<&Secret>,
    ) -> Result<Answered, String> {
        let uri: Uri = call.url.parse().map_err(|_| format!("`{}` is no address", call.url))?;
        self.check(&uri)?;
        let mut request = Request::builder()
            .method(method(call.method))
            .uri(uri)
            .header(USER_AGENT, concat!("hearth/", env!("CARGO_PKG_VERSION")));
        if body.is_some() {
            request = request.header(CONTENT_TYPE, call.content_type.as_str());
        }
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.reveal()));
        }
        let request = request.body(Full::from(body.unwrap_or_default())).map_err(|error| error.to_string())?;
        match tokio::time::timeout(call.at_most, self.send(request)).await {
            Ok(answered) => answered,
            Err(_) => Err(format!("there was no answer within {}", seconds(call.at_most))),
        }
    }

    /// Reads a text from a server.
    pub(super) async fn get(&self, url: &str, longest: usize) -> Result<String, String> {
        let uri: Uri = url.parse().map_err(|_| format!("`{url}` is no address"))?;
        self.check(&uri)?;
        let request = Request::builder().uri(uri).header(USER_AGENT, concat!("hearth/", env!("CARGO_PKG_VERSION")));
        let request = request.body(Full::default()).map_err(|error| error.to_string())?;
        let read = async {
            let client = self.client.get_or_try_init(client).await?;
            let response = client.request(request).await.map_err(|error| chain(&error))?;
            if !response.status().is_success() {
                return Err(format!("it answered {}", response.status()));
            }
            let body = Limited::new(response.into_body(), longest).collect().await;
            let body = body.map_err(|error| format!("its answer could not be read: {error}"))?;
            String::from_utf8(body.to_bytes().to_vec()).map_err(|_| "its answer is no text".to_owned())
        };
        tokio::time::timeout(LONGEST_READING, read).await.map_err(|_| "there was no answer in time".to_owned())?
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answered, String> {
        let _turn = self.at_once.acquire().await.map_err(|error| error.to_string())?;
        let client = self.client.get_or_try_init(client).await?;
        let response = client.request(request).await.map_err(|error| chain(&error))?;
        let status = response.status();
        // The answer is read to its end, so that the server knows it was taken.
        let read = Limited::new(response.into_body(), LONGEST_ANSWER).collect().await;
        read.map_err(|error| format!("its answer could not be read: {error}"))?;
        if status.is_success() {
            Ok(Answered(status))
        } else if status.is_redirection() {
            Err(format!("it answered {status}, and rules don't follow it elsewhere: write the final address"))
        } else {
            Err(format!("it answered {status}"))
        }
    }

    fn check(&self, uri: &Uri) -> Result<(), String> {
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_lowercase();
        let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(usual);
        let allowed = self.hosts.iter().any(|known| known.name == host && known.port.is_none_or(|known| known == port));
        if allowed {
            return Ok(());
        }
        Err(format!("`{host}` is not allowed: add it to `http_hosts` below [rules] in hub.toml"))
    }
}

impl Host {
    fn of(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        // An address of IPv6 has colons of its own, and stands in brackets where a port follows.
        if let Ok(address) = text.parse::<std::net::Ipv6Addr>() {
            return Self { name: address.to_string(), port: None };
        }
        match text.rsplit_once(':') {
            Some((name, port)) if port.parse::<u16>().is_ok() => {
                Self { name: name.trim_matches(['[', ']']).to_owned(), port: port.parse().ok() }
            }
            _ => Self { name: text.trim_matches(['[', ']']).to_owned(), port: None },
        }
    }
}

/// Made at the first call, as the system's authorities take their time and room.
async fn client() -> Result<Client<HttpsConnector<HttpConnector>, Full<Bytes>>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let connector = tokio::task::spawn_blocking(move || {
        let builder = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider);
        builder.map(|builder| builder.https_or_http().enable_http1().build())
    });
    let connector = connector.await.map_err(|error| error.to_string())?;
    let connector = connector.map_err(|error| format!("the system's authorities can't be read: {error}"))?;
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

const fn method(method: HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
    }
}

fn seconds(span: Duration) -> String {
    format!("{} s", span.as_secs_f64())
}

/// An error with those beneath it, which say what really happened.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        text = format!("{text}: {error}");
        inner = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_the_list_may_be_called() {
        let web = Web::new(&["example.org".into(), "192.168.1.5:8080".into(), "[fd00::1]:80".into(), "fd00::2".into()]);
        let check = |url: &str| web.check(&url.parse().unwrap());
        for good in [
            "https://example.org/a",
            "http://EXAMPLE.org:8080",
            "http://192.168.1.5:8080/",
            "http://[fd00::1]/",
            "http://[fd00::2]:99/",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in
            ["https://example.org.evil.net/", "http://192.168.1.5/", "http://127.0.0.1/", "https://sub.example.org/"]
        {
            assert!(check(bad).unwrap_err().contains("http_hosts"), "{bad}");
        }
    }
}
