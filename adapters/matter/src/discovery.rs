//! What Matter devices announce by DNS-SD: devices that wait to be added, and where the fabric's nodes are.
//!
//! One daemon asks and listens for both, and the protocol's stack gets its addresses from here: two on one machine would
//! take each other's answers, as both sit on port 5353.

mod announcement;

use std::{
    collections::VecDeque,
    net::{IpAddr, SocketAddr, SocketAddrV6},
};

use mdns_sd::{Receiver, ResolvedService, ScopedIp, ServiceDaemon, ServiceEvent};
use serde::{Deserialize, Serialize};

pub(crate) use announcement::{Operational, Waiting};

const COMMISSIONABLE: &str = "_matterc._udp.local.";
const OPERATIONAL: &str = "_matter._tcp.local.";

/// Where something was seen, and what it said of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sighting {
    /// Its addresses, the likeliest to be reached first.
    pub(crate) addresses: Vec<SocketAddr>,
    /// Its port.
    pub(crate) port: u16,
    /// Keys and values.
    pub(crate) text: Vec<(String, String)>,
}

/// News from the network.
#[derive(Debug)]
pub(crate) enum News {
    /// A device waits to be added.
    Waits(Waiting),
    /// It no longer does; its instance's name.
    Gone(String),
    /// A node of some fabric is there.
    Node(Operational),
    /// It no longer announces itself: its fabric and its id. Its address stays good until it is seen at another.
    NodeGone((u64, u64)),
}

/// The two searches.
pub(crate) struct Discovery {
    daemon: ServiceDaemon,
    commissionable: Receiver<ServiceEvent>,
    operational: Receiver<ServiceEvent>,
    /// What came before a question was put anew.
    unread: VecDeque<ServiceEvent>,
}

impl Discovery {
    /// Begins to search on every interface.
    pub(crate) fn start() -> Result<Self, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        let commissionable = daemon.browse(COMMISSIONABLE)?;
        let operational = daemon.browse(OPERATIONAL)?;
        Ok(Self { daemon, commissionable, operational, unread: VecDeque::new() })
    }

    /// Asks anew who waits to be added. Answers to earlier questions may have been lost, and they are put ever more seldom.
    pub(crate) fn call(&mut self) {
        // A daemon that is busy or has ended is asked again, or its end is the next news.
        if let Ok(receiver) = self.daemon.browse(COMMISSIONABLE) {
            self.unread.extend(std::mem::replace(&mut self.commissionable, receiver).try_iter());
        }
    }

    /// Asks anew where the nodes are.
    pub(crate) fn call_nodes(&mut self) {
        if let Ok(receiver) = self.daemon.browse(OPERATIONAL) {
            self.unread.extend(std::mem::replace(&mut self.operational, receiver).try_iter());
        }
    }

    /// Asks where a node is that is silent where it was last, past all that is remembered of it (RFC 6762, 10.4).
    pub(crate) fn doubt(&self, (fabric, node): (u64, u64)) {
        let name = format!("{fabric:016X}-{node:016X}.{OPERATIONAL}");
        // A daemon that is busy is asked when the node counts as away.
        let _ = self.daemon.verify(name, mdns_sd::VERIFY_TIMEOUT_DEFAULT);
    }

    /// The next news; `None` when the searches have ended.
    pub(crate) async fn next(&mut self) -> Option<News> {
        loop {
            let event = match self.unread.pop_front() {
                Some(event) => event,
                None => tokio::select! {
                    event = self.commissionable.recv_async() => event.ok()?,
                    event = self.operational.recv_async() => event.ok()?,
                },
            };
            let news = match event {
                ServiceEvent::ServiceResolved(service) if service.ty_domain == COMMISSIONABLE => {
                    let instance = instance(&service.fullname);
                    let waits = announcement::waiting(instance, sighting(&service));
                    // Its window may be closed again.
                    Some(waits.map_or_else(|| News::Gone(instance.to_owned()), News::Waits))
                }
                ServiceEvent::ServiceResolved(service) => {
                    announcement::operational(instance(&service.fullname), sighting(&service)).map(News::Node)
                }
                ServiceEvent::ServiceRemoved(kind, name) if kind == COMMISSIONABLE => {
                    Some(News::Gone(instance(&name).to_owned()))
                }
                ServiceEvent::ServiceRemoved(_, name) => announcement::name(instance(&name)).map(News::NodeGone),
                _ => None,
            };
            if news.is_some() {
                return news;
            }
        }
    }
}

impl Drop for Discovery {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.daemon.shutdown();
    }
}

impl Sighting {
    /// Its addresses, the likeliest first.
    pub(crate) fn reachable_first(&self) -> impl Iterator<Item = SocketAddr> {
        self.addresses.iter().copied()
    }

    /// Whether it left the place where it was spoken to, the likeliest of `before`. Addresses that only come or go beside
    /// that one are no move.
    pub(crate) fn is_elsewhere(&self, before: &Self) -> bool {
        before.addresses.first().is_none_or(|used| !self.addresses.contains(used))
    }

    /// The interface of its link-local address; 0 for none.
    pub(crate) fn scope(&self) -> u32 {
        let scopes = self.addresses.iter().filter_map(|address| match address {
            SocketAddr::V6(address) => Some(address.scope_id()),
            SocketAddr::V4(_) => None,
        });
        scopes.max().unwrap_or(0)
    }
}

fn sighting(service: &ResolvedService) -> Sighting {
    let mut addresses: Vec<SocketAddr> =
        service.addresses.iter().map(|address| socket_address(address, service.port)).collect();
    addresses.sort_by_key(|address| (std::cmp::Reverse(likelihood(address.ip())), *address));
    let text = service.txt_properties.iter().map(|entry| (entry.key().to_owned(), entry.val_str().to_owned()));
    Sighting { addresses, port: service.port, text: text.collect() }
}

fn socket_address(address: &ScopedIp, port: u16) -> SocketAddr {
    match address {
        ScopedIp::V6(address) if address.addr().is_unicast_link_local() => {
            SocketAddrV6::new(*address.addr(), port, 0, address.scope_id().index).into()
        }
        _ => SocketAddr::new(address.to_ip_addr(), port),
    }
}

/// Matter speaks IPv6; IPv4 is a courtesy of some devices.
fn likelihood(address: IpAddr) -> u8 {
    match address {
        IpAddr::V6(address) if address.is_unique_local() => 5,
        IpAddr::V6(address) if address.is_loopback() => 1,
        IpAddr::V6(address) if address.is_unicast_link_local() => 3,
        IpAddr::V6(_) => 4,
        IpAddr::V4(address) if address.is_loopback() => 0,
        IpAddr::V4(_) => 2,
    }
}

/// The instance's name, without its type.
fn instance(fullname: &str) -> &str {
    fullname.split('.').next().unwrap_or_default()
}
