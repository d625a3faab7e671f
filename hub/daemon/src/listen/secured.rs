//! TLS connections for axum: handshakes run beside each other, so that a slow or silent peer keeps nobody waiting.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::serve::Listener;
use rustls::ServerConfig;
use tokio::{
    net::TcpStream,
    sync::{Semaphore, mpsc},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;

/// How many handshakes may be under way. When all are, new connections wait in the kernel's queue.
const HANDSHAKES: usize = 64;
/// How many finished handshakes may wait to be served. When it is full, the next one waits with its connection open.
const READY: usize = 16;
/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);

type Ready = (TlsStream<TcpStream>, SocketAddr);

/// A listener whose connections have their handshake behind them.
pub(super) struct Secured {
    ready: mpsc::Receiver<Ready>,
    address: Option<SocketAddr>,
}

impl Secured {
    /// Accepts from `listener` until `stop`.
    pub(super) fn new<L>(mut listener: L, tls: Arc<ServerConfig>, stop: CancellationToken) -> Self
    where
        L: Listener<Io = TcpStream, Addr = SocketAddr>,
    {
        let (sender, ready) = mpsc::channel(READY);
        let address = listener.local_addr().ok();
        let (acceptor, places) = (TlsAcceptor::from(tls), Arc::new(Semaphore::new(HANDSHAKES)));
        tokio::spawn(async move {
            while let Ok(place) = Arc::clone(&places).acquire_owned().await {
                let (stream, peer) = tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = stop.cancelled() => return,
                };
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                tokio::spawn(async move {
                    // A failed handshake is the peer's affair: a scanner, or a phone that does not trust us yet.
                    match timeout(PATIENCE, acceptor.accept(stream)).await {
                        Ok(Ok(stream)) => drop(sender.send((stream, peer)).await),
                        Ok(Err(error)) => tracing::debug!(%peer, %error, "a TLS handshake failed"),
                        Err(_) => tracing::debug!(%peer, "a TLS handshake took too long"),
                    }
                    drop(place);
                });
            }
        });
        Self { ready, address }
    }
}

impl Listener for Secured {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Ready {
        match self.ready.recv().await {
            Some(ready) => ready,
            // Only at the end, when nobody listens to the answer.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.address.ok_or_else(|| io::ErrorKind::AddrNotAvailable.into())
    }
}
