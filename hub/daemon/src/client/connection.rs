//! Where a hub is, and one connection to it.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use axum::http::{Request, StatusCode, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use super::within::Within;
use crate::{cli::WrongUse, folder::Folder, listen, tls};

/// How long a hub may take to take a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Anything that bytes go over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Where a hub is.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// On this machine.
    Folder(Folder),
    /// Reached over the network.
    Remote(Remote),
    /// Within this process.
    Within(Within),
}

/// A hub that is reached over the network.
#[derive(Clone)]
pub(super) struct Remote {
    host: String,
    port: u16,
    /// The authority to trust; `None` for plain HTTP.
    tls: Option<PathBuf>,
    token: String,
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl Place {
    /// A hub elsewhere.
    pub(super) fn parse(url: &str, token: String, authority: Option<PathBuf>) -> Result<Self, WrongUse> {
        let wrong = || WrongUse(format!("`{url}` is not a hub's address such as http://192.168.1.2:8480"));
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let host = uri.host().ok_or_else(wrong)?.trim_matches(['[', ']']).to_owned();
        let tls = match uri.scheme_str() {
            Some("http") => None,
            Some("https") => Some(authority.ok_or_else(|| {
                WrongUse("https needs --ca FILE: copy tls/ca.pem from the hub's data folder and name it here".into())
            })?),
            _ => return Err(wrong()),
        };
        Ok(Self::Remote(Remote { host, port: uri.port_u16().unwrap_or(8480), tls, token }))
    }

    /// The token to show; none on the socket, where being this user is enough.
    pub(super) fn token(&self) -> Option<&str> {
        match self {
            Self::Folder(_) | Self::Within(_) => None,
            Self::Remote(remote) => Some(&remote.token),
        }
    }

    /// Opens a connection.
    pub(super) async fn connect(&self) -> anyhow::Result<Box<dyn Stream>> {
        match self {
            Self::Folder(folder) => local(folder).await,
            Self::Within(within) => Ok(Box::new(within.connect())),
            Self::Remote(remote) => {
                let opened = timeout(PATIENCE, remote.connect()).await;
                opened.map_err(|_| anyhow!("{remote:?} did not answer within {PATIENCE:?}"))?
            }
        }
    }

    /// Posts JSON and gives the JSON that comes back.
    pub(super) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let mut request =
            Request::post(path).header(header::HOST, "hub").header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = self.token() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(serde_json::to_vec(body)?)))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(self.connect().await?)).await?;
        let exchange = async {
            let answer = sender.send_request(request).await?;
            let status = answer.status();
            Ok::<_, hyper::Error>((status, answer.into_body().collect().await?.to_bytes()))
        };
        // The connection is driven for as long as the exchange lasts, and closed with it.
        let (status, bytes) = tokio::select! {
            answer = exchange => answer.context("the hub hung up before it answered")?,
            ended = connection => bail!("the hub hung up before it answered ({ended:?})"),
        };
        match status {
            StatusCode::UNAUTHORIZED => {
                bail!("the hub does not know this token: make one with `hub token` on its machine")
            }
            status if bytes.is_empty() || bytes[0] != b'{' => bail!("the hub answered {status}"),
            _ => serde_json::from_slice(&bytes).context("the hub's answer is not JSON"),
        }
    }
}

impl Remote {
    async fn connect(&self) -> anyhow::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect((&*self.host, self.port)).await;
        let stream = stream.with_context(|| format!("no hub answers at {self:?}"))?;
        stream.set_nodelay(true)?;
        let Some(authority) = &self.tls else { return Ok(Box::new(stream)) };
        let connector = tokio_rustls::TlsConnector::from(tls::client(authority)?);
        let name = ServerName::try_from(self.host.clone())?;
        let secured = connector.connect(name, stream).await;
        Ok(Box::new(secured.with_context(|| format!("{self:?} is not the hub of {}", authority.display()))?))
    }
}

async fn local(folder: &Folder) -> anyhow::Result<Box<dyn Stream>> {
    let explain = |error: io::Error, path: &Path| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            anyhow!("no hub runs on {}: start it with `hub run`, or name another with --data or --hub", path.display())
        }
        io::ErrorKind::PermissionDenied => {
            anyhow!(
                "the hub on {} belongs to another user: run this as that user, or use --hub and --token",
                path.display()
            )
        }
        _ => anyhow!(error).context(format!("the hub on {}", path.display())),
    };
    let stream = listen::connect(&folder.socket()).await.map_err(|error| explain(error, folder.path()))?;
    Ok(Box::new(stream))
}

#[cfg(test)]
mod tests {
    use axum::{Router, routing::post};
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::config::Protection;

    #[test]
    fn addresses_are_urls_with_a_host() {
        let remote = |url: &str| match Place::parse(url, String::new(), None) {
            Ok(Place::Remote(remote)) => format!("{remote:?}"),
            other => format!("{other:?}"),
        };
        assert_eq!(remote("http://hub.local"), "hub.local:8480");
        assert_eq!(remote("http://[fd00::1]:80/"), "fd00::1:80");
        for wrong in ["hub.local", "ftp://hub", "", "http://", "https://hub.local"] {
            assert!(Place::parse(wrong, String::new(), None).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_hub_that_does_not_run_is_said_to_be_missing() {
        let folder = tempfile::tempdir().unwrap();
        let error = Place::Folder(Folder::new(folder.path())).connect().await.err().unwrap().to_string();
        assert!(error.starts_with("no hub runs on") && error.contains("hub run"), "{error}");
    }

    #[tokio::test]
    async fn a_hub_with_a_certificate_of_its_own_is_trusted_by_its_authority_alone() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secured =
            |folder: &tempfile::TempDir| tls::server(&Protection::Local, &Folder::new(folder.path())).unwrap();
        let (config, _) = (secured(&folder), secured(&other));
        let listener = listen::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let (port, stop) = (listener.local_addr().unwrap().port(), CancellationToken::new());
        let router = Router::new().route("/echo", post(|body: String| async { body }));
        let serving = tokio::spawn(listen::phones(listener, config, router, stop.clone()).unwrap());
        // Somebody who connects and then says nothing keeps nobody waiting.
        let _silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let trusting = |folder: &tempfile::TempDir| {
            Place::parse(&format!("https://localhost:{port}"), String::new(), Some(folder.path().join("tls/ca.pem")))
                .unwrap()
        };
        let answer = trusting(&folder).post("/echo", &serde_json::json!({ "a": 1 })).await.unwrap();
        assert_eq!(answer["a"], 1);
        let refused = trusting(&other).connect().await.err().unwrap().to_string();
        assert!(refused.contains("is not the hub of"), "{refused}");
        stop.cancel();
        serving.await.unwrap();
    }
}
