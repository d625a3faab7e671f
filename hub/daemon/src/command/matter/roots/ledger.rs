//! The public ledger of root certificates: two kinds of questions over HTTP, answered with JSON.

use std::sync::Arc;

use anyhow::{Context, bail};
use axum::http::{Request, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use serde::{Deserialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use super::Found;

/// The longest answer that is read. The list of all roots has about 30 kB.
const LONGEST: usize = 4 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Roots {
    approved_root_certificates: Named,
}

#[derive(Deserialize)]
struct Named {
    certs: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Name {
    subject: String,
    subject_key_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    approved_certificates: Certificates,
}

#[derive(Deserialize)]
struct Certificates {
    certs: Vec<Certificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Certificate {
    pem_cert: String,
}

/// Every root certificate that the ledger approves of.
pub(super) async fn fetch(url: &str) -> anyhow::Result<Vec<Found>> {
    let url = url.trim_end_matches('/');
    let roots: Roots = get(&format!("{url}/dcl/pki/root-certificates")).await?;
    let mut found = Vec::new();
    for Name { subject, subject_key_id } in roots.approved_root_certificates.certs {
        let place = format!("{url}/dcl/pki/certificates/{}/{}", escaped(&subject), escaped(&subject_key_id));
        let whole: Whole = get(&place).await?;
        let certificates = whole.approved_certificates.certs.into_iter();
        found.extend(certificates.map(|one| Found { name: subject_key_id.clone(), bytes: one.pem_cert.into_bytes() }));
    }
    Ok(found)
}

async fn get<T: DeserializeOwned>(url: &str) -> anyhow::Result<T> {
    let body = answer(url).await.with_context(|| format!("{url} does not answer as a ledger does"))?;
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

/// A text as one segment of a path.
fn escaped(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
