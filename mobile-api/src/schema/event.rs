//! What happens, as `events` tells it.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};
use hub_core::{Moment, Session, View};
use hub_model::What;

use super::{cause::Cause, device::Device, home::Snapshot, notice::Notice, word::Outcome};
use crate::scalar::{Cursor, DateTime, Value};

/// A message of `events`: one of the fields from `change` to `snapshot` is there, the others are null.
pub(crate) struct Event {
    session: Session,
    moment: Told,
}

enum Told {
    Snapshot(Arc<View>),
    Event(Arc<hub_model::Event>),
}

/// A property that has another value.
#[derive(Debug, SimpleObject)]
struct Change {
    /// The device's id.
    device: ID,
    /// Its endpoint.
    endpoint: ID,
    /// The property's whole name.
    property: String,
    /// What it was; null for unknown.
    old: Option<Value>,
    /// What it is; null for unknown.
    new: Option<Value>,
}

/// Something that happened and is over.
#[derive(Debug, SimpleObject)]
struct Occurrence {
    /// The device's id.
    device: ID,
    /// Its endpoint.
    endpoint: ID,
    /// What happened, by its whole name.
    occurrence: String,
}

/// A device that can be reached, or no longer.
#[derive(Debug, SimpleObject)]
struct Reachability {
    /// The device's id.
    device: ID,
    /// Whether it can be reached.
    reachable: bool,
}

/// A command that came to its end.
#[derive(Debug, SimpleObject)]
struct CommandEnded {
    /// The command.
    id: ID,
    /// The device's id.
    device: ID,
    /// How it ended.
    outcome: Outcome,
}

/// A scene that was run.
#[derive(Debug, SimpleObject)]
struct SceneStarted {
    /// The scene's id.
    scene: ID,
    /// The run.
    run: ID,
}

/// A device that was added, described anew, renamed, moved or removed.
struct DeviceChange {
    session: Session,
    id: hub_model::DeviceId,
}

/// A device that was added, described anew, renamed, moved or removed.
#[Object]
impl DeviceChange {
    /// The device's id.
    async fn id(&self) -> ID {
        self.id.into()
    }
    /// The device as it is now; null when it is gone.
    async fn now(&self) -> Option<Device> {
        let view = Arc::new(self.session.view());
        view.device(self.id).map(|known| Device::new(&view, known))
    }
}

impl Event {
    /// What a session's watch told.
    pub(crate) fn new(session: Session, moment: Moment) -> Self {
        let moment = match moment {
            Moment::Snapshot(view) => Told::Snapshot(Arc::new(view)),
            Moment::Event(event) => Told::Event(event),
        };
        Self { session, moment }
    }

    fn event(&self) -> Option<&hub_model::Event> {
        if let Told::Event(event) = &self.moment { Some(event) } else { None }
    }

    fn what(&self) -> Option<&What> {
        self.event().map(|event| &event.what)
    }
}

/// A message of `events`: one of the fields from `change` to `snapshot` is there, the others are null.
#[Object]
impl Event {
    /// Its place in the stream: `events(since:)` goes on after it.
    async fn cursor(&self) -> Cursor {
        match &self.moment {
            Told::Snapshot(view) => Cursor(view.home.cursor),
            Told::Event(event) => Cursor(event.cursor),
        }
    }
    /// When it happened.
    async fn at(&self) -> DateTime {
        match &self.moment {
            Told::Snapshot(view) => DateTime(view.now),
            Told::Event(event) => DateTime(event.at),
        }
    }
    /// Who began it; null with a snapshot.
    async fn cause(&self) -> Option<Cause> {
        self.event().map(|event| Cause::seen_by(self.session.principal(), &event.cause))
    }
    /// A property has another value.
    async fn change(&self) -> Option<Change> {
        let Some(What::Changed { path, old, new }) = self.what() else { return None };
        Some(Change {
            device: path.device.into(),
            endpoint: ID(path.endpoint.to_string()),
            property: path.property.to_string(),
            old: Value::known(old),
            new: Value::known(new),
        })
    }
    /// Something happened and is over.
    async fn occurrence(&self) -> Option<Occurrence> {
        let Some(What::Occurred { device, endpoint, occurrence }) = self.what() else { return None };
        let endpoint = ID(endpoint.to_string());
        Some(Occurrence { device: device.into(), endpoint, occurrence: occurrence.to_string() })
    }
    /// A device can be reached, or no longer.
    async fn reachability(&self) -> Option<Reachability> {
        let Some(What::Reachable { device, reachable }) = self.what() else { return None };
        Some(Reachability { device: device.into(), reachable: *reachable })
    }
    /// A device was added, described anew, renamed, moved or removed.
    async fn device(&self) -> Option<DeviceChange> {
        let Some(What::Device(id)) = self.what() else { return None };
        Some(DeviceChange { session: self.session.clone(), id: *id })
    }
    /// Rooms, floors, groups, scenes, people or settings changed: read them again.
    async fn home(&self) -> Option<bool> {
        matches!(self.what(), Some(What::Home)).then_some(true)
    }
    /// Rules were loaded anew: read them again.
    async fn rules(&self) -> Option<bool> {
        matches!(self.what(), Some(What::Rules)).then_some(true)
    }
    /// A command came to its end.
    async fn command(&self) -> Option<CommandEnded> {
        let Some(What::Command { id, device, outcome }) = self.what() else { return None };
        Some(CommandEnded { id: id.into(), device: device.into(), outcome: (*outcome).into() })
    }
    /// A scene was run.
    async fn scene(&self) -> Option<SceneStarted> {
        let Some(What::Scene { scene, run }) = self.what() else { return None };
        Some(SceneStarted { scene: scene.into(), run: run.into() })
    }
    /// The hub or a rule has something to say.
    async fn notice(&self) -> Option<Notice> {
        let Some(What::Notice(notice)) = self.what() else { return None };
        self.event().map(|event| Notice::new(event.at, notice))
    }
    /// Everything as it is: the first message, and whenever the stream can't go on without a gap.
    async fn snapshot(&self) -> Option<Snapshot> {
        if let Told::Snapshot(view) = &self.moment { Some(Snapshot(Arc::clone(view))) } else { None }
    }
}
