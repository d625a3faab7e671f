//! What the machine takes for the least there is, so that figures in milliseconds can be read beside it.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::bench::figures::{Bar, Figures, quantile};

/// How many bytes go there and back.
const TIMES: usize = 500;
/// From one to the next, so that the processor falls asleep, as it does between a person's commands.
const PAUSE: Duration = Duration::from_millis(2);

/// Times one byte over loopback and back, between two threads.
pub(in crate::bench) fn measure(figures: &mut Figures) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let mut near = TcpStream::connect(listener.local_addr()?)?;
    let (mut far, _) = listener.accept()?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let echo = thread::spawn(move || -> std::io::Result<()> {
        let mut byte = [0];
        for _ in 0..TIMES {
            far.read_exact(&mut byte)?;
            far.write_all(&byte)?;
        }
        Ok(())
    });
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        thread::sleep(PAUSE);
        let begun = Instant::now();
        near.write_all(&[0])?;
        near.read_exact(&mut [0])?;
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    echo.join().map_err(|_| anyhow::anyhow!("the echo panicked"))??;
    figures.add("floor: a byte over loopback and back, p50", quantile(&mut times, 0.5), "µs", Bar::None);
    Ok(())
}
