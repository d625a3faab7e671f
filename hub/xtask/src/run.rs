//! `cargo xtask run`: a living home for newcomers.

mod furnish;

use std::{
    fs::File,
    io::{IsTerminal, stdout},
    net::TcpListener,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tokio::{
    process::{Child, Command},
    signal::unix::{SignalKind, signal},
    time::{sleep, timeout},
};

use crate::repository;

/// How to run it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Build with all optimisations: slower to build, quicker to run.
    #[arg(long)]
    release: bool,
    /// Another home: the seed of the simulation.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// The port that the documentation speaks of.
const USUAL_PORT: u16 = 8480;
/// How long a hub may take to answer; a computer may be busy with much else.
const START: Duration = Duration::from_secs(20);
/// How long a hub may take to end.
const END: Duration = Duration::from_secs(5);

/// Builds the hub, starts it on a simulated home and shows it, until the person has seen enough.
pub(crate) fn run(args: &Args) -> Result<()> {
    let program = repository::build_hub(args.release)?;
    let home = repository::metadata()?.target_directory.as_std_path().join("demo-home");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(show(&program, &home, args.seed))
}

async fn show(program: &Path, home: &Path, seed: Option<u64>) -> Result<()> {
    let port = free_port()?;
    furnish::folder(home)?;
    let log = home.with_extension("log");
    let mut hub = Command::new(program);
    hub.arg("run").arg("--data").arg(home).arg("--simulated").args(["--listen", &format!("127.0.0.1:{port}")]);
    if let Some(seed) = seed {
        hub.args(["--seed", &seed.to_string()]);
    }
    let hub = hub.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log)?).kill_on_drop(true);
    let mut hub = hub.spawn().with_context(|| format!("{} can't be started", program.display()))?;
    let shown = beside(&mut hub, program, home, port, &log).await;
    end(hub).await?;
    shown
}

/// Shows the home as long as the hub runs and nobody ends it.
async fn beside(hub: &mut Child, program: &Path, home: &Path, port: u16, log: &Path) -> Result<()> {
    let early = || format!("the hub did not start; its log is {}", log.display());
    let code = tokio::select! {
        code = pairing_code(program, home) => code.with_context(early)?,
        ended = hub.wait() => bail!("{}; {}, and the last that it said is: {}", early(), ended?, last_line(log)),
    };
    furnish::scenes(program, home).await?;
    println!("The hub runs on http://127.0.0.1:{port} (GraphQL at /graphql), its data is in {}.", home.display());
    println!("Pair a phone within 15 minutes with the code {code}");
    let terminal = stdout().is_terminal();
    let view = if terminal { "watch" } else { "events" };
    let mut view = Command::new(program).arg(view).arg("--data").arg(home).kill_on_drop(true).spawn()?;
    let (mut ended, mut broken) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        status = view.wait() => good(status?, "the view"),
        status = hub.wait() => good(status?, &format!("the hub (its log is {})", log.display())),
        _ = ended.recv() => Ok(()),
        _ = broken.recv() => Ok(()),
    }
}

/// What it said before it ended.
fn last_line(log: &Path) -> String {
    let said = std::fs::read_to_string(log).unwrap_or_default();
    said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("nothing").to_owned()
}

/// A code for a phone, as soon as the hub answers.
async fn pairing_code(program: &Path, home: &Path) -> Result<String> {
    timeout(START, async {
        loop {
            let answer = Command::new(program).arg("invite").arg("--data").arg(home).output().await?;
            if answer.status.success() {
                return Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned());
            }
            // Nothing tells a process that another has made its socket; a person does not notice the wait.
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .context("it gave no answer in time")?
}

async fn end(mut hub: Child) -> Result<()> {
    if let Some(id) = hub.id() {
        Command::new("kill").arg(id.to_string()).status().await?;
        if timeout(END, hub.wait()).await.is_err() {
            hub.kill().await?;
        }
    }
    Ok(())
}

fn good(status: ExitStatus, who: &str) -> Result<()> {
    if status.success() { Ok(()) } else { bail!("{who} ended with {status}") }
}

fn free_port() -> Result<u16> {
    let usual = TcpListener::bind(("127.0.0.1", USUAL_PORT)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)));
    Ok(usual.context("no port is free on this machine")?.local_addr()?.port())
}
