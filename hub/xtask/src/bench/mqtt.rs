//! As much of MQTT 3.1.1 as a device needs: connect, publish and subscribe at QoS 0. By hand, so that its cost is known.

use std::{
    io::{BufReader, BufWriter, Read, Write},
    net::TcpStream,
};

use anyhow::{Result, ensure};

/// What a device says.
pub(super) struct Publisher(BufWriter<TcpStream>);

/// What a device hears.
pub(super) struct Subscriber(BufReader<TcpStream>);

/// Connects to a broker on this machine.
pub(super) fn connect(port: u16, name: &str) -> Result<(Publisher, Subscriber)> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    let mut publisher = Publisher(BufWriter::with_capacity(64 * 1024, stream.try_clone()?));
    let mut subscriber = Subscriber(BufReader::new(stream));
    // Section 3.1: protocol name and level 4, a clean session, no keep-alive.
    let head = [&text("MQTT")[..], &[4, 2, 0, 0], &text(name)].concat();
    publisher.packet(0x10, &head)?;
    publisher.flush()?;
    let (kind, answer) = subscriber.packet()?;
    ensure!(kind == 0x20 && answer == [0, 0], "the broker refused");
    Ok((publisher, subscriber))
}

impl Publisher {
    /// Publishes; it goes out with the next flush at the latest.
    pub(super) fn publish(&mut self, topic: &str, payload: &str, retain: Retain) -> Result<()> {
        let kind = if retain == Retain::Yes { 0x31 } else { 0x30 };
        self.packet(kind, &[&text(topic)[..], payload.as_bytes()].concat())
    }

    /// Subscribes (section 3.8).
    pub(super) fn subscribe(&mut self, filter: &str) -> Result<()> {
        self.packet(0x82, &[&[0, 1][..], &text(filter), &[0]].concat())?;
        self.flush()
    }

    /// Sends what waits.
    pub(super) fn flush(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }

    fn packet(&mut self, kind: u8, body: &[u8]) -> Result<()> {
        let mut head = vec![kind];
        let mut length = body.len();
        loop {
            let more = if length > 127 { 0x80 } else { 0 };
            head.push((length % 128) as u8 | more);
            length /= 128;
            if length == 0 {
                break;
            }
        }
        self.0.write_all(&head)?;
        Ok(self.0.write_all(body)?)
    }
}

impl Subscriber {
    /// The next message: topic and payload.
    pub(super) fn next(&mut self) -> Result<(String, Vec<u8>)> {
        loop {
            let (kind, mut body) = self.packet()?;
            if kind & 0xf0 != 0x30 {
                continue;
            }
            ensure!(body.len() >= 2, "a message without a topic");
            let topic = usize::from(u16::from_be_bytes([body[0], body[1]]));
            ensure!(body.len() >= 2 + topic, "a message with half a topic");
            let payload = body.split_off(2 + topic);
            return Ok((String::from_utf8_lossy(&body[2..]).into_owned(), payload));
        }
    }

    fn packet(&mut self) -> Result<(u8, Vec<u8>)> {
        let kind = self.byte()?;
        let (mut length, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
            ensure!(shift < 28, "a length of more than four bytes");
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok((kind, body))
    }

    fn byte(&mut self) -> Result<u8> {
        let mut byte = [0];
        self.0.read_exact(&mut byte)?;
        Ok(byte[0])
    }
}

/// Whether the broker keeps a message for those who come later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retain {
    Yes,
    No,
}

/// A text with its length before it (section 1.5.3). Ours are short.
fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], &text.as_bytes()[..usize::from(length)]].concat()
}
