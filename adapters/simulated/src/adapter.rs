//! The adapter: it lets the world's clock run, and carries commands in and reports out. It decides nothing.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use adapter_api::{
    Adapter, AdapterError, AdapterKind, Context, Delivery, Field, FieldKind, Onboarding, OnboardingError, Order,
    Settings, SettingsError,
};
use futures_util::future::BoxFuture;
use hub_model::{DeviceKey, Outcome, Report, Said};
use jiff::{Timestamp, tz::TimeZone};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use crate::{
    adopted,
    candidates::Waiting,
    device::{Refusal, Taken},
    moment::Moment,
    onboarding,
    random::Random,
    world::{Recipe, World},
};

/// The simulated home in the hub's list of adapters.
pub static KIND: AdapterKind = AdapterKind {
    name: "simulated",
    doc: "A home that is not there, and behaves as if it were.",
    fields: &[
        Field::optional(
            "seed",
            FieldKind::Integer(0, i64::MAX),
            "Where chance comes from: the same seed, the same life.",
        ),
        Field::optional("speed", FieldKind::Integer(1, 3600), "How many simulated seconds pass in a second."),
        Field::optional(
            "devices",
            FieldKind::Integer(0, 10_000),
            "How many plain devices there are beside the usual ones.",
        ),
        Field::optional(
            "drop_off",
            FieldKind::Bool,
            "Whether devices drop off now and then; they do unless it is false.",
        ),
    ],
    build: |settings| Simulated::build(settings).map(|adapter| Arc::new(adapter) as Arc<dyn Adapter>),
};

/// How many requests may wait for the world. When it is full, orders wait in their device's own queue.
const REQUESTS: usize = 64;
/// From one look at the world to the next: usually, and while something moves, which may report twice a second.
const USUAL_TICK: Duration = Duration::from_secs(1);
const MOVING_TICK: Duration = Duration::from_millis(500);
/// The most reports in one message, so that the hub can show the first devices of many before the last are there.
const BATCH: usize = 256;

/// The adapter.
#[derive(Debug)]
struct Simulated {
    recipe: Recipe,
    speed: f64,
    /// Tells the local time at which a world begins.
    clock: fn() -> Moment,
    /// The way to the world that runs; none between two runs. Locked only to copy it.
    world: Mutex<Option<mpsc::Sender<Request>>>,
}

/// What the world is asked from outside.
#[derive(Debug)]
enum Request {
    Obey(Order, oneshot::Sender<Result<Taken, Refusal>>),
    Adopt(Waiting, oneshot::Sender<Result<DeviceKey, OnboardingError>>),
}

impl Simulated {
    fn build(settings: &Settings) -> Result<Self, SettingsError> {
        let integer = |name, usual: i64| settings.integer(name).unwrap_or(usual);
        let wrong = |name| move |_| SettingsError::new(name, format!("`{name}` can't be below 0"));
        let recipe = Recipe {
            seed: u64::try_from(integer("seed", 1)).map_err(wrong("seed"))?,
            plain: usize::try_from(integer("devices", 0)).map_err(wrong("devices"))?,
            drop_off: settings.bool("drop_off").unwrap_or(true),
        };
        Ok(Self { recipe, speed: integer("speed", 1) as f64, clock: local_now, world: Mutex::default() })
    }

    fn way_to_world(&self) -> Option<mpsc::Sender<Request>> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        self.way_to_world()?.send(request(answer)).await.ok()?;
        answered.await.ok()
    }

    async fn live(&self, context: Context, mut requests: mpsc::Receiver<Request>) {
        let (mut world, found) = World::new(self.recipe, (self.clock)());
        report(&context, found.into_iter().map(|(key, found)| (key, Said::Found(Box::new(found)))).collect()).await;
        adopted::return_home(&context, &mut world).await;
        let mut then = Instant::now();
        let mut said = world.step(Duration::ZERO);
        loop {
            report(&context, said).await;
            let tick = if world.is_moving() { MOVING_TICK } else { USUAL_TICK };
            let request = tokio::select! {
                () = context.stopped() => return,
                Some(request) = requests.recv() => Some(request),
                () = tokio::time::sleep_until(then + tick) => None,
            };
            // A world that was held up, by a sleeping machine say, goes on where it was rather than catch up for days.
            let passed = then.elapsed().min(Duration::from_secs(60));
            then = Instant::now();
            said = world.step(passed.mul_f64(self.speed));
            if let Some(request) = request {
                answer(request, &context, &mut world).await;
                said.extend(world.step(Duration::ZERO));
            }
        }
    }
}

impl Adapter for Simulated {
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        let (sender, requests) = mpsc::channel(REQUESTS);
        *self.world.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        Box::pin(async move {
            self.live(context, requests).await;
            *self.world.lock().unwrap_or_else(PoisonError::into_inner) = None;
            Ok(())
        })
    }

    fn execute(&self, order: Order) -> BoxFuture<'_, Delivery> {
        Box::pin(async move {
            tokio::time::sleep(latency(&order)).await;
            match self.ask(|answer| Request::Obey(order, answer)).await {
                Some(Ok(Taken::Now)) => Delivery::Sent,
                Some(Ok(Taken::WhenAwake)) => Delivery::Queued,
                Some(Err(Refusal(outcome, why))) => Delivery::Failed(outcome, why.into()),
                None => Delivery::Failed(Outcome::Unreachable, "the simulated home is not running".into()),
            }
        })
    }

    fn onboard(self: Arc<Self>, mut onboarding: Onboarding) -> BoxFuture<'static, Result<DeviceKey, OnboardingError>> {
        Box::pin(async move {
            let waiting = onboarding::talk(&mut onboarding).await?;
            let gone = || Err(OnboardingError::Failed("the simulated home is not running".into()));
            self.ask(|answer| Request::Adopt(waiting, answer)).await.unwrap_or_else(gone)
        })
    }
}

async fn answer(request: Request, context: &Context, world: &mut World) {
    // Whoever asked may have gone meanwhile; what was done stays done.
    match request {
        Request::Obey(order, answer) => {
            let _ = answer.send(world.command(&order.key, &order.command));
        }
        Request::Adopt(waiting, answer) => {
            let _ = answer.send(adopted::adopt(waiting, context, world).await);
        }
    }
}

/// Reports what was said, in messages of a moderate size.
pub(crate) async fn report(context: &Context, said: Vec<(DeviceKey, Said)>) {
    let at = Timestamp::now();
    let mut said = said.into_iter().map(|(key, said)| Report { key, at, said }).peekable();
    while said.peek().is_some() {
        context.report_all(said.by_ref().take(BATCH).collect()).await;
    }
}

/// How long the way to the device takes; the same for the same command.
fn latency(order: &Order) -> Duration {
    let seed = order.command.id.uuid().as_u64_pair().1;
    Duration::from_secs_f64(Random::new(seed, &order.key.0).between(0.010, 0.300))
}

/// The wall clock's time where the machine is.
fn local_now() -> Moment {
    let now = Timestamp::now();
    let offset = TimeZone::system().to_offset(now);
    Moment(now.as_second() as f64 + f64::from(offset.seconds()))
}

#[cfg(test)]
mod tests;
