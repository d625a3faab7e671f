//! As much of a WebSocket as a phone needs: text messages, and an answer to a ping (RFC 6455).

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Result, bail, ensure};

/// How long nothing may come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection.
pub(super) struct WebSocket(BufReader<TcpStream>);

impl WebSocket {
    /// Opens one.
    pub(super) fn open(port: u16, path: &str, protocol: Option<&str>) -> Result<Self> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let protocol = protocol.map(|protocol| format!("Sec-WebSocket-Protocol: {protocol}\r\n")).unwrap_or_default();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocol}\r\n"
        );
        stream.write_all(head.as_bytes())?;
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        ensure!(line.contains(" 101 "), "no WebSocket: {}", line.trim());
        while !line.trim().is_empty() {
            line.clear();
            ensure!(reader.read_line(&mut line)? > 0, "the hub hung up");
        }
        Ok(Self(reader))
    }

    /// Says a text.
    pub(super) fn say(&mut self, text: &str) -> Result<()> {
        self.send(0x81, text.as_bytes())
    }

    /// The next text.
    pub(super) fn hear(&mut self) -> Result<String> {
        loop {
            let mut head = [0; 2];
            self.0.read_exact(&mut head)?;
            let length = match head[1] & 0x7f {
                126 => u64::from(u16::from_be_bytes(self.array()?)),
                127 => u64::from_be_bytes(self.array()?),
                short => u64::from(short),
            };
            let mut body = vec![0; usize::try_from(length)?];
            self.0.read_exact(&mut body)?;
            match head[0] {
                0x81 => return Ok(String::from_utf8(body)?),
                0x89 => self.send(0x8a, &body)?,
                0x8a => {}
                other => bail!("a frame {other:#x} was not expected: {}", String::from_utf8_lossy(&body)),
            }
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Clients mask what they send (section 5.3); a mask of zeros leaves it readable.
    fn send(&mut self, kind: u8, body: &[u8]) -> Result<()> {
        let mut frame = vec![kind];
        match u16::try_from(body.len())? {
            short @ 0..=125 => frame.push(0x80 | short as u8),
            length => frame.extend([&[0x80 | 126][..], &length.to_be_bytes()].concat()),
        }
        frame.extend([0; 4]);
        frame.extend(body);
        Ok(self.0.get_mut().write_all(&frame)?)
    }
}
