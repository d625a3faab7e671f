//! How long a test waits for what has to come. It is long, because a machine that builds at the same time is slow; a
//! test that passes never waits for it to end.

use std::{fmt::Display, future::Future, time::Duration};

use tokio::time::{Instant, sleep, timeout};

/// How long anything may take that has to come.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often something is looked at that cannot tell by itself.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// Waits for what has to come, and panics with `what` when it does not.
pub async fn in_time<T>(what: impl Display, coming: impl Future<Output = T>) -> T {
    within(PATIENCE, what, coming).await
}

/// The same for what may take longer, or must not take so long.
pub async fn within<T>(patience: Duration, what: impl Display, coming: impl Future<Output = T>) -> T {
    match timeout(patience, coming).await {
        Ok(come) => come,
        Err(_) => panic!("in {patience:?} there was no {what}"),
    }
}

/// Looks again and again until there is something. Only for what sends no event: a file, a port, another process.
pub async fn eventually<T>(what: impl Display, look: impl AsyncFnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, look).await
}

/// The same for what a protocol's own timers hold back.
pub async fn eventually_within<T>(
    patience: Duration,
    what: impl Display,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let until = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < until, "in {patience:?} there was no {what}");
        sleep(BETWEEN_LOOKS).await;
    }
}
