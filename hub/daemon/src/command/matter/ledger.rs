//! The public ledger of the Connectivity Standards Alliance: questions over HTTP, answered with JSON.

use std::sync::Arc;

use anyhow::{Context, bail};
use axum::http::{Request, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// Where it is.
pub(super) const PUBLIC: &str = "https://on.dcl.csa-iot.org";

/// The longest answer that is read. The list of all roots has about 30 kB.
const LONGEST: usize = 4 << 20;

/// What a ledger says at a path, below `/dcl/`.
pub(super) async fn get<T: DeserializeOwned>(ledger: &str, path: &str) -> anyhow::Result<T> {
    let url = format!("{}/dcl/{path}", ledger.trim_end_matches('/'));
    let body = answer(&url).await.with_context(|| format!("{url} does not answer as a ledger does"))?;
    serde_json::from_slice(&body).with_context(|| format!("{url} answers something else than a ledger does"))
}

async fn answer(url: &str) -> anyhow::Result<Bytes> {
    let uri: Uri = url.parse().context("this is no address")?;
    let host = uri.host().context("it names no host")?.trim_matches(['[', ']']).to_owned();
    let stream = |port| TcpStream::connect((host.clone(), uri.port_u16().unwrap_or(port)));
    match uri.scheme_str() {
        Some("http") => ask(stream(80).await?, &uri, &host).await,
        Some("https") => {
            let name = ServerName::try_from(host.clone())?;
            ask(TlsConnector::from(trust()).connect(name, stream(443).await?).await?, &uri, &host).await
        }
        _ => bail!("it should begin with https://"),
    }
}

async fn ask(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    uri: &Uri,
    host: &str,
) -> anyhow::Result<Bytes> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::get(path).header(header::HOST, host).header(header::ACCEPT, "application/json");
    let answer = sender.send_request(request.body(Empty::<Bytes>::new())?).await?;
    let status = answer.status();
    if !status.is_success() {
        bail!("it answers {status}");
    }
    let body = Limited::new(answer.into_body(), LONGEST).collect().await;
    connection.abort();
    Ok(body.map_err(|error| anyhow::anyhow!("{error}"))?.to_bytes())
}

/// The authorities that this machine trusts.
fn trust() -> Arc<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    Arc::new(rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}
