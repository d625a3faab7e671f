//! Messages that configure several entities at once.

use std::{collections::BTreeSet, time::Instant};

use serde_json::Value as Json;
use smol_str::{SmolStr, format_smolstr};

use super::{Book, Effects, Incoming, change};
use crate::{
    discovery::{ConfigError, Member, parse_object, read_object, split},
    entity::echoing,
    topic::DiscoveryTopic,
};

impl Book {
    /// Takes in a device bundle.
    pub(super) fn bundle(
        &mut self,
        topic: DiscoveryTopic<'_>,
        message: Incoming<'_>,
        now: Instant,
        effects: &mut Effects,
    ) {
        let id = SmolStr::from(message.topic);
        let members = match message.payload.iter().all(u8::is_ascii_whitespace) {
            true => Ok(Vec::new()),
            false => parse_object(message.payload).and_then(split),
        };
        match members {
            Ok(members) => self.take_members(&id, topic.object, members, message.retain, now, effects),
            // The entities move to configurations of their own, which come next.
            Err(ConfigError::Migrating) => {}
            Err(error) => {
                self.take_members(&id, topic.object, Vec::new(), message.retain, now, effects);
                self.complain(&id, || error.to_string(), effects);
            }
        }
    }

    /// The entities that one message configures are these, and no others.
    pub(super) fn take_members(
        &mut self,
        bundle: &SmolStr,
        node: &str,
        members: Vec<Member>,
        retain: bool,
        now: Instant,
        effects: &mut Effects,
    ) {
        // No topic has a `#`, so that no other entity has such an id.
        let id_of = |member: &Member| format_smolstr!("{bundle}#{}", member.key);
        let ids: BTreeSet<SmolStr> = members.iter().map(id_of).collect();
        let before = self.bundles.remove(bundle).unwrap_or_default();
        for gone in before.difference(&ids) {
            self.remove(gone, now, effects);
        }
        for member in members {
            let id = id_of(&member);
            let Member { key, component, config, echoes } = member;
            let json = Json::Object(config);
            let fingerprint = change::fingerprint(format!("{component} {json}").as_bytes());
            let Json::Object(config) = json else { continue };
            let topic = DiscoveryTopic { component: &component, node: Some(node), object: &key };
            let read = |templates: &mut _| {
                let mut entity = read_object(topic, config, templates)?;
                entity.part = echoing(entity.part, &echoes);
                Ok(entity)
            };
            self.configure(id, fingerprint, retain, read, now, effects);
        }
        if !ids.is_empty() {
            self.bundles.insert(bundle.clone(), ids);
        }
    }
}
