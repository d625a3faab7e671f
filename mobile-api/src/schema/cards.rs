//! A list of devices that is written device by device, and only where a device changed.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field, registry::Registry,
};
use bytes::Bytes;
use hub_core::View;
use hub_model::HomeDevice;

use super::device::Device;
use crate::{asker::Asker, cards::Question, json};

/// The devices of a view, as the schema's `[Device!]!`.
pub(crate) struct Cards(pub(crate) Arc<View>);

impl Cards {
    /// The question that kept cards answer, where this list may be made of such.
    fn question(context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> Option<Question> {
        let asker = context.data_opt::<Arc<Asker>>()?;
        let text = asker.cards.clone()?;
        let role = asker.session.principal().role;
        Some(Question { role, text, list: field.node.response_key().node.to_string() })
    }

    async fn write(
        &self,
        context: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
        at: usize,
        known: &HomeDevice,
    ) -> ServerResult<Bytes> {
        let context = context.with_index(at);
        let card = Device::new(&self.0, known).resolve(&context, field).await;
        Ok(json::write(&card.map_err(|error| context.set_error_path(error))?).into())
    }
}

impl OutputType for Cards {
    fn type_name() -> Cow<'static, str> {
        Vec::<Device>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<Device>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<Device>::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let (Some(question), asker) = (Self::question(context, field), context.data_unchecked::<Arc<Asker>>()) else {
            return Device::all(&self.0).resolve(context, field).await;
        };
        let mut cards = asker.shelves.find(&question, &self.0);
        let mut written = Vec::new();
        for (at, (known, card)) in self.0.devices().zip(&mut cards).enumerate() {
            if card.is_none() {
                let json = self.write(context, field, at, known).await?;
                written.push((known.clone(), json.clone()));
                *card = Some(json);
            }
        }
        if !written.is_empty() {
            asker.shelves.keep(&question, &self.0, written);
        }
        Ok(json::written(list(&cards.into_iter().flatten().collect::<Vec<_>>())))
    }
}

/// A list of parts that are JSON.
fn list(parts: &[Bytes]) -> Bytes {
    let mut list = Vec::with_capacity(parts.iter().map(|part| part.len() + 1).sum::<usize>() + 2);
    list.push(b'[');
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            list.push(b',');
        }
        list.extend_from_slice(part);
    }
    list.push(b']');
    list.into()
}
