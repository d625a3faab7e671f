//! The run itself: what the threads tell and what the search finds becomes what the hub is told.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use adapter_api::{AdapterError, Candidate};
use hub_model::DeviceKey;
use jiff::Timestamp;
use tokio::time::Instant;

use super::{
    clocks,
    heard::{self, Numbers},
    house::{Events, House},
    keeper::Keeper,
    places::Places,
};
use crate::{
    discovery::{News, Operational, Waiting},
    link::{Ask, Gathered, NodeId, Told},
    members::Standing,
    node::Node,
    vendors,
};

/// How long after a read that failed a new child of a bridge is read again: the first time, and at most.
const READ_AGAIN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(300));

/// What a run remembers from one piece of news to the next.
struct Course {
    places: Places,
    /// Who can't be reached, or has not been yet, and may have to be called.
    away: BTreeSet<NodeId>,
    /// The last events as they were kept.
    kept: Numbers,
    keeper: Keeper,
}

impl House {
    /// Carries news until the adapter shall end.
    pub(super) async fn live(self: &Arc<Self>, mut events: Events) -> Result<(), AdapterError> {
        let mut course = self.set_out().await;
        let mut tick = tokio::time::interval_at(Instant::now() + heard::EVERY, heard::EVERY);
        let mut daily = tokio::time::interval_at(Instant::now() + clocks::EVERY, clocks::EVERY);
        loop {
            tokio::select! {
                () = self.context.stopped() => {
                    self.keep(&mut course);
                    // The time is new, though no number is.
                    course.keeper.keep(heard::note(self.heard(), Timestamp::now()));
                    course.keeper.close().await;
                    return Ok(());
                }
                _ = tick.tick() => {
                    course.away.retain(|node| self.members().standing(*node) == Some(Standing::Joined));
                    // Their announcements may have been lost.
                    if !course.away.is_empty() {
                        events.discovery.call_nodes();
                    }
                    self.say_goodbyes().await;
                    self.keep(&mut course);
                }
                _ = daily.tick() => self.set_clocks(self.members().of(Standing::Joined)),
                () = self.call.notified() => events.discovery.call(),
                told = events.told.next() => {
                    if let Told::Silent(node) = told {
                        events.discovery.doubt((self.compressed_fabric, node));
                    }
                    self.hear(told, &mut course).await;
                }
                news = events.discovery.next() => match news {
                    Some(news) => self.notice(news).await,
                    None => return Err(AdapterError::Lost("the search for devices ended".into())),
                },
            }
        }
    }

    /// Goes on where the run before ended.
    async fn set_out(self: &Arc<Self>) -> Course {
        let (joined, joining) = {
            let members = self.members();
            (members.of(Standing::Joined), members.of(Standing::Joining))
        };
        let places = Places::recall(&self.context, &joined);
        self.follow(&joined, &self.before, &places).await;
        for node in joining {
            tokio::spawn(super::onboarding::complete_interrupted(Arc::clone(self), node));
        }
        let keeper = Keeper::begin(self.context.clone());
        Course { places, away: joined.into_iter().collect(), kept: self.before.clone(), keeper }
    }

    /// Makes durable what is new, soon.
    fn keep(&self, course: &mut Course) {
        course.keeper.keep(course.places.notes(|node| self.is_member(node)));
        let numbers = self.heard();
        if numbers != course.kept {
            course.kept.clone_from(&numbers);
            course.keeper.keep(heard::note(numbers, Timestamp::now()));
        }
    }

    /// Follows nodes, from the event after the last one and where they were reached last.
    async fn follow(&self, nodes: &[NodeId], heard: &Numbers, places: &Places) {
        for node in nodes {
            if let Some(sighting) = places.of(*node) {
                self.link.tell(Ask::Seen(*node, sighting)).await;
            }
            self.link.tell(Ask::Follow(*node, heard.get(node).copied())).await;
        }
    }

    /// Goes on with nodes whose thread begins anew.
    async fn resume(self: &Arc<Self>, mut nodes: Vec<NodeId>, places: &Places) {
        for node in &nodes {
            if self.members().standing(*node) == Some(Standing::Joining) {
                tokio::spawn(super::onboarding::complete_interrupted(Arc::clone(self), *node));
            }
        }
        nodes.retain(|node| self.members().standing(*node) == Some(Standing::Joined));
        self.follow(&nodes, &self.heard(), places).await;
    }

    async fn hear(self: &Arc<Self>, told: Told, course: &mut Course) {
        match told {
            Told::Ready { .. } | Told::Silent(_) => {}
            Told::Reported(id, gathered) => self.take(id, gathered).await,
            Told::Reached(id, sighting) => {
                course.away.remove(&id);
                course.places.note(id, sighting);
                self.tell_reachable(id, true).await;
                self.set_clocks([id]);
                self.tell_labels(id);
            }
            Told::Lost(id) => {
                course.away.insert(id);
                self.tell_reachable(id, false).await;
            }
            Told::Ended(nodes) => {
                for id in nodes {
                    course.away.insert(id);
                    self.tell_reachable(id, false).await;
                }
            }
            Told::Restarted(nodes) => self.resume(nodes, &course.places).await,
        }
    }

    async fn tell_reachable(&self, id: NodeId, reachable: bool) {
        let said = self.nodes().get_mut(&id).map(|node| node.reachability(reachable)).unwrap_or_default();
        self.report(said).await;
    }

    async fn take(self: &Arc<Self>, id: NodeId, gathered: Gathered) {
        if gathered.left_out > 0 {
            tracing::warn!(node = id, left_out = gathered.left_out, "some of what a device reports can't be read");
        }
        if self.members().standing(id) != Some(Standing::Joined) {
            // The last words of one that was let go.
            return;
        }
        let (said, missing) = {
            let mut nodes = self.nodes();
            let node = nodes.entry(id).or_insert_with(|| Node::new(id, self.before.get(&id).copied()));
            if gathered.is_late {
                node.was_away();
            }
            let said = node.update(gathered.attributes, gathered.events);
            node.established();
            (said, node.newly_missing())
        };
        self.report(said).await;
        self.reported.send_modify(|count| *count += 1);
        for endpoint in missing {
            tokio::spawn(Arc::clone(self).read_part(id, endpoint));
        }
    }

    /// A bridge names a new child before it says anything of it, and some never do by themselves. It is asked until it
    /// answers, the child has spoken or left, or the bridge itself has to be reached anew.
    async fn read_part(self: Arc<Self>, id: NodeId, endpoint: u16) {
        let mut wait = READ_AGAIN.0;
        let gathered = loop {
            if let Some(Ok(gathered)) =
                self.link.ask(|answer| Ask::Read(id, (Some(endpoint), None, None), answer)).await
            {
                break gathered;
            }
            tracing::debug!(node = id, endpoint, ?wait, "a new child of a bridge can't be read, and is read again");
            tokio::select! {
                () = tokio::time::sleep(wait) => wait = (wait * 2).min(READ_AGAIN.1),
                () = self.context.stopped() => return,
            }
            if !self.nodes().get(&id).is_some_and(|node| node.misses(endpoint)) {
                return;
            }
        };
        let said = match self.nodes().get_mut(&id) {
            Some(node) => node.update(gathered.attributes, gathered.events),
            None => return,
        };
        self.report(said).await;
        self.reported.send_modify(|count| *count += 1);
    }

    fn is_member(&self, node: NodeId) -> bool {
        self.members().standing(node).is_some()
    }

    /// The last event of each node so far.
    fn heard(&self) -> Numbers {
        self.nodes().iter().filter_map(|(id, node)| Some((*id, node.last_event()?))).collect()
    }

    async fn notice(self: &Arc<Self>, news: News) {
        match news {
            News::Waits(waiting) => {
                self.context.candidate(candidate(&waiting)).await;
                self.waiting.send_modify(|known| drop(known.insert(waiting.instance.clone(), waiting)));
            }
            News::Gone(instance) => {
                self.context.candidate_gone(candidate_key(&instance)).await;
                self.waiting.send_modify(|known| drop(known.remove(&instance)));
            }
            News::Node(Operational { fabric, node, sighting }) if fabric == self.compressed_fabric => {
                let Some(standing) = self.members().standing(node) else { return };
                self.farewells().seen(node, sighting.clone());
                self.link.tell(Ask::Seen(node, sighting)).await;
                match standing {
                    Standing::Leaving => drop(tokio::spawn(Arc::clone(self).say_goodbye(node))),
                    Standing::Joining => {
                        drop(tokio::spawn(super::onboarding::complete_interrupted(Arc::clone(self), node)))
                    }
                    Standing::Joined => {}
                }
            }
            News::NodeGone((fabric, node)) if fabric == self.compressed_fabric => {
                self.farewells().gone(node);
                self.link.tell(Ask::Unseen(node)).await;
            }
            News::Node(_) | News::NodeGone(_) => {}
        }
    }
}

/// The adapter's key of a device that waits.
pub(super) fn candidate_key(instance: &str) -> DeviceKey {
    DeviceKey::new(format!("waiting-{instance}"))
}

fn candidate(waiting: &Waiting) -> Candidate {
    let kind = waiting.device_type.map_or(hub_model::EndpointKind::Other, crate::node::kind_of_type);
    let vendor = waiting.vendor.map(vendors::name);
    let name = waiting.name.clone().unwrap_or_else(|| match &vendor {
        Some(vendor) => format!("{vendor} device"),
        None => "Matter device".to_owned(),
    });
    let model = waiting.product.map(|product| smol_str::format_smolstr!("product {product}"));
    Candidate { key: candidate_key(&waiting.instance), name, kind, vendor, model }
}
