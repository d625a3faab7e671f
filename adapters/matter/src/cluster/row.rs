//! A property of a cluster, and how it is read from attributes.

use hub_model::{PropertyOffer, Value, capability::PropertySpec};

use super::Cluster;

/// A property, and how it is read.
pub(crate) struct Row {
    /// The cluster's attributes that it is read from; none for what events alone tell. It is offered when the cluster has the
    /// first of them.
    pub(crate) from: &'static [u32],
    /// Attributes of other clusters of the same endpoint that it also looks at, where they are there.
    pub(crate) also: &'static [(u32, u32)],
    offer: Offer,
    read: Read,
}

/// What a property takes on a device.
enum Offer {
    /// All that the table says.
    Whole(&'static PropertySpec),
    /// What the device can; `None` where it has no use of it.
    By(fn(&Cluster<'_>) -> Option<PropertyOffer>),
}

/// What a property is now.
enum Read {
    /// The first attribute's number, times this.
    Number(f64),
    /// As this says.
    By(fn(&Cluster<'_>) -> Value),
}

impl Row {
    /// A property that each device narrows in its own way, or does without.
    pub(super) const fn of(
        from: &'static [u32],
        offer: fn(&Cluster<'_>) -> Option<PropertyOffer>,
        read: fn(&Cluster<'_>) -> Value,
    ) -> Self {
        Self { from, also: &[], offer: Offer::By(offer), read: Read::By(read) }
    }

    /// A property as the table has it, of every device that has the first attribute.
    pub(super) const fn whole(
        from: &'static [u32],
        spec: &'static PropertySpec,
        read: fn(&Cluster<'_>) -> Value,
    ) -> Self {
        Self { from, also: &[], offer: Offer::Whole(spec), read: Read::By(read) }
    }

    /// The same, where it is the first attribute's number times `factor`.
    pub(super) const fn number(from: &'static [u32], spec: &'static PropertySpec, factor: f64) -> Self {
        Self { from, also: &[], offer: Offer::Whole(spec), read: Read::Number(factor) }
    }

    /// A property that events alone tell, and nothing can be read from.
    pub(super) const fn told(offer: fn(&Cluster<'_>) -> Option<PropertyOffer>) -> Self {
        Self::of(&[], offer, |_| Value::Unknown)
    }

    /// The same, looking also at attributes of other clusters.
    pub(super) const fn also(self, also: &'static [(u32, u32)]) -> Self {
        Self { also, ..self }
    }

    /// What a cluster offers by it.
    pub(crate) fn offer(&self, cluster: &Cluster<'_>) -> Option<PropertyOffer> {
        if self.from.first().is_some_and(|attribute| !cluster.has(*attribute)) {
            return None;
        }
        match self.offer {
            Offer::Whole(spec) => Some(PropertyOffer::new(spec)),
            Offer::By(offer) => offer(cluster),
        }
    }

    /// What it is now.
    pub(crate) fn read(&self, cluster: &Cluster<'_>) -> Value {
        match (&self.read, self.from.first()) {
            (Read::Number(factor), Some(attribute)) => cluster.read_number(*attribute, *factor),
            (Read::Number(_), None) => Value::Unknown,
            (Read::By(read), _) => read(cluster),
        }
    }
}
