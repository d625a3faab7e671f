//! The listeners: plain or TLS for phones, the socket for local commands. Each serves a router until the end is asked for.

mod local;
mod secured;

use std::{
    future::Future,
    io,
    net::{SocketAddr, TcpListener as StdListener},
    sync::Arc,
};

use anyhow::Context;
use axum::{Router, serve::ListenerExt};
use rustls::ServerConfig;
use socket2::SockRef;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub(crate) use local::{LocalListener, connect};
use secured::Secured;

use crate::config::{HubSettings, Protection};

/// How many bytes the kernel may hold for a phone that doesn't take them. By itself it would grow to megabytes for each; a
/// home's network is near, so that no more is on its way.
const UNSENT: usize = 256 << 10;

/// The owner must know that others can read along.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} can be reached from other machines, and without TLS whoever shares the network reads along. Set `tls = \"local\"` \
     in the settings' [hub] table, listen on 127.0.0.1, or, where a proxy protects it, set `insecure_listen = true`"
)]
pub(crate) struct Exposed(SocketAddr);

/// Refuses what would be open to the network without the owner's word.
pub(crate) fn check(listen: SocketAddr, settings: &HubSettings) -> Result<(), Exposed> {
    let protected = settings.protection != Protection::Plain || settings.insecure_listen;
    if protected || listen.ip().to_canonical().is_loopback() { Ok(()) } else { Err(Exposed(listen)) }
}

/// Takes the address.
pub(crate) fn bind(listen: SocketAddr) -> anyhow::Result<StdListener> {
    let taken = || format!("can't listen on {listen}: is another program using that port? `--listen` names another");
    let listener = StdListener::bind(listen).with_context(taken)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Answers phones until `stop`, and then what they had begun.
pub(crate) fn phones(
    listener: StdListener,
    tls: Option<Arc<ServerConfig>>,
    router: Router,
    stop: CancellationToken,
) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let listener = TcpListener::from_std(listener)?.tap_io(|stream| {
        // Small messages go at once: with Nagle's algorithm a command would wait 40 ms for an acknowledgement.
        let _ = stream.set_nodelay(true);
        let _ = SockRef::from(&*stream).set_send_buffer_size(UNSENT);
    });
    let ended = stop.clone().cancelled_owned();
    Ok(async move {
        // Serving never fails; a connection's errors end that connection alone.
        let _ = match tls {
            Some(tls) => axum::serve(Secured::new(listener, tls, stop), router).with_graceful_shutdown(ended).await,
            None => axum::serve(listener, router).with_graceful_shutdown(ended).await,
        };
    })
}

/// Answers local commands until `stop`.
pub(crate) async fn local(listener: LocalListener, router: Router, stop: CancellationToken) {
    let _ = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_this_machine_it_takes_tls_or_the_owners_word() {
        let plain = HubSettings::default();
        let insecure = HubSettings { insecure_listen: true, ..plain.clone() };
        let tls = HubSettings { protection: Protection::Local, ..plain.clone() };
        for (listen, alone) in [
            ("127.0.0.1:8480", true),
            ("127.3.2.1:1", true),
            ("[::1]:8480", true),
            ("[::ffff:127.0.0.1]:80", true),
            ("0.0.0.0:8480", false),
            ("[::]:8480", false),
            ("192.168.1.2:8480", false),
        ] {
            let listen: SocketAddr = listen.parse().unwrap();
            assert_eq!(check(listen, &plain).is_ok(), alone, "{listen}");
            assert!(check(listen, &insecure).is_ok() && check(listen, &tls).is_ok(), "{listen}");
        }
    }
}
