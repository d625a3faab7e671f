//! HTTP over one kept connection, written out by hand so that nothing of ours or of a library is in the figures.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to a hub, ours or another.
pub(super) struct Http {
    stream: BufReader<TcpStream>,
    token: String,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ask {
    /// A GET of this path.
    Get(String),
    /// A POST of this JSON to this path.
    Post(&'static str, Value),
}

impl Ask {
    /// A GraphQL document.
    pub(super) fn document(document: &str) -> Self {
        Self::Post("/graphql", json!({ "query": document }))
    }

    fn bytes(&self, token: &str) -> Vec<u8> {
        let (method, path, body) = match self {
            Self::Get(path) => ("GET", path.as_str(), String::new()),
            Self::Post(path, body) => ("POST", *path, body.to_string()),
        };
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

impl Http {
    /// Connects, if somebody listens.
    pub(super) fn connect(port: u16, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(stream), token: token.into() })
    }

    /// The answer as bytes.
    pub(super) fn bytes(&mut self, ask: &Ask) -> Result<Vec<u8>> {
        let request = ask.bytes(&self.token);
        self.stream.get_mut().write_all(&request)?;
        self.body()
    }

    /// The answer as JSON.
    pub(super) fn json(&mut self, ask: &Ask) -> Result<Value> {
        let answer: Value = serde_json::from_slice(&self.bytes(ask)?)?;
        if let Some(errors) = answer.get("errors") {
            bail!("{errors}");
        }
        Ok(answer)
    }

    /// One of the hub's own counters, at `/metrics`.
    pub(super) fn counter(&mut self, name: &str) -> Result<f64> {
        let text = String::from_utf8(self.bytes(&Ask::Get("/metrics".into()))?)?;
        let line = text.lines().find_map(|line| line.strip_prefix("hearth_")?.strip_prefix(name)?.strip_prefix(' '));
        Ok(line.with_context(|| format!("the hub has no counter {name}"))?.parse()?)
    }

    fn body(&mut self) -> Result<Vec<u8>> {
        let (mut length, mut line, mut status) = (None, String::new(), String::new());
        loop {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "the hub hung up");
            if status.is_empty() {
                status = line.trim_end().to_owned();
            }
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().ok();
            }
        }
        let mut body = vec![0; length.context("an answer without a length")?];
        self.stream.read_exact(&mut body)?;
        ensure!(status.contains(" 20"), "{status}: {}", String::from_utf8_lossy(&body));
        Ok(body)
    }
}
