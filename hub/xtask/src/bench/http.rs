//! GraphQL over one kept connection, written out by hand so that nothing of ours or of a library is in the figures.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// A connection to a hub.
pub(super) struct Http {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Http {
    /// Connects, if somebody listens.
    pub(super) fn connect(port: u16, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream: BufReader::new(stream), token: token.into() })
    }

    /// The data that a document asks for.
    pub(super) fn ask(&mut self, document: &str) -> Result<Value> {
        let body = json!({ "query": document }).to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            self.token,
            body.len()
        );
        self.stream.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
        let mut answer: Value = serde_json::from_slice(&self.body()?)?;
        if let Some(errors) = answer.get("errors") {
            bail!("{errors}");
        }
        Ok(answer.get_mut("data").map(Value::take).unwrap_or_default())
    }

    /// One of the hub's own counters, at `/metrics`.
    pub(super) fn counter(&mut self, name: &str) -> Result<f64> {
        let head = format!("GET /metrics HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {}\r\n\r\n", self.token);
        self.stream.get_mut().write_all(head.as_bytes())?;
        let text = String::from_utf8(self.body()?)?;
        let line = text.lines().find_map(|line| line.strip_prefix("hearth_")?.strip_prefix(name)?.strip_prefix(' '));
        Ok(line.with_context(|| format!("the hub has no counter {name}"))?.parse()?)
    }

    fn body(&mut self) -> Result<Vec<u8>> {
        let (mut length, mut line) = (None, String::new());
        loop {
            line.clear();
            anyhow::ensure!(self.stream.read_line(&mut line)? > 0, "the hub hung up");
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
        Ok(body)
    }
}
