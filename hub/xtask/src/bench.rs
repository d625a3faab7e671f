//! `cargo xtask bench`: the hub measured as a whole process, beside a real broker with devices that this plays; with
//! `--against home-assistant`, that hub on the same work in the same run; with `--micro`, its parts alone.
//!
//! Every figure is what somebody outside of the process sees: its memory and time as the kernel counts them, its answers
//! over HTTP and WebSocket, its messages on the broker.

mod broker;
mod course;
mod figures;
mod fleet;
mod fuzz;
mod http;
mod matter;
mod micro;
mod mqtt;
mod noise;
mod peer;
mod process;
mod steps;
mod websocket;

use std::{path::PathBuf, time::Duration};

use anyhow::Result;

use crate::repository;
use broker::Broker;
use course::{Course, Size};
use figures::{Bar, Figures};
use noise::Noise;
use process::Plan;
use steps::{burst, cards, chart, commands, floor, rest, rules, scale, stream, subscribers};

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The parts alone, by criterion: applying reports, causes, the store, rules, templates.
    #[arg(long)]
    micro: bool,
    /// Matter alone: lamps by matter.js, in a network of their own.
    #[arg(long)]
    matter: bool,
    /// Another hub on the same work, in the same run, in turn.
    #[arg(long, value_enum)]
    against: Option<Against>,
    /// Only how cost grows, from 10 devices to 1,000; with --full to 10,000.
    #[arg(long)]
    scale: bool,
    /// A million states, longer loads, and homes of 10,000 devices: half an hour instead of some minutes.
    #[arg(long)]
    full: bool,
    /// Only these steps, after the home is furnished.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "STEP")]
    only: Vec<Step>,
    /// How many devices the home has, at least 600.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(600..))]
    devices: u32,
    /// Measure the unoptimised program, to try this out.
    #[arg(long)]
    debug: bool,
    /// Fail when a figure misses its bar.
    #[arg(long)]
    strict: bool,
    /// Instead of measuring, fuzz what reads strangers' text; a name fuzzes one target alone.
    #[arg(long, value_name = "TARGET")]
    fuzz: Option<Option<String>>,
    /// How many seconds each target is fuzzed.
    #[arg(long, default_value_t = 180, requires = "fuzz")]
    seconds: u64,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Against {
    /// Home Assistant 2024.3, from PyPI.
    HomeAssistant,
}

/// What is measured of a home that is furnished, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Step {
    /// One command, and its way to the device.
    Command,
    /// Fifty commands at once.
    Scene,
    /// Message, rule, message.
    Rules,
    /// A hundred phones that follow events.
    Phones,
    /// The first screen of fifty phones.
    Cards,
    /// 20,000 states at once.
    Burst,
    /// 500 points of 100,000 rows.
    Chart,
    /// More than can be taken in its time; for ours alone.
    Flood,
    /// 12,000 states a second and the starts after them; for ours alone.
    Stream,
}

/// Measures, and prints each figure beside its bar.
pub(crate) fn run(args: &Args) -> Result<()> {
    if let Some(only) = &args.fuzz {
        return fuzz::run(only.as_deref(), args.seconds);
    }
    if args.micro {
        return micro::run();
    }
    if args.matter && matter::moved_inside()? {
        return Ok(());
    }
    let program = repository::build_hub(!args.debug)?;
    let folder = repository::metadata()?.target_directory.as_std_path().join("bench");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let bench = Bench { program, folder, size: args.size(), full: args.full, only: args.only.clone() };
    let before = Noise::measure();
    let mut figures = Figures::default();
    let mut curve = None;
    if args.matter {
        matter::measure(&bench.program, &bench.folder, &mut figures)?;
    } else if !args.scale {
        floor::measure(&mut figures)?;
        bench.hearth(&mut figures)?;
    }
    if let Some(Against::HomeAssistant) = args.against {
        let mut theirs = Figures::default();
        // What it could be asked before something failed is worth knowing too.
        if let Err(error) = bench.home_assistant(&mut theirs) {
            eprintln!("bench: Home Assistant did not come to the end: {error:#}");
        }
        figures.beside(&theirs);
    }
    if args.scale || args.full {
        curve = Some(bench.scale(&mut figures)?);
    }
    print!("{figures}");
    if let Some(curve) = curve {
        print!("\n{curve}");
    }
    println!("\n{}", before.beside(Noise::measure()));
    anyhow::ensure!(!args.strict || figures.all_good(), "a figure misses its bar");
    Ok(())
}

impl Args {
    fn size(&self) -> Size {
        let (states, span) = if self.full { (1_000_000, 30) } else { (200_000, 10) };
        Size { devices: self.devices as usize, states, span: Duration::from_secs(span) }
    }
}

/// How a step is measured.
type Measure = fn(&mut Course<'_>) -> Result<()>;

/// One run.
struct Bench {
    program: PathBuf,
    folder: PathBuf,
    size: Size,
    full: bool,
    only: Vec<Step>,
}

impl Bench {
    fn wants(&self, step: Step) -> bool {
        self.only.is_empty() || self.only.contains(&step)
    }

    fn hearth(&self, figures: &mut Figures) -> Result<()> {
        let broker = Broker::start(&self.folder.join("broker"))?;
        let plan = Plan::hearth(&self.program, self.folder.join("hearth"), broker.port)?;
        let mut course = Course::start(&plan, &broker, self.size, figures)?;
        self.shared_steps(&mut course)?;
        if self.wants(Step::Flood) {
            burst::flood(&mut course)?;
        }
        if !self.wants(Step::Stream) {
            return Ok(());
        }
        let last = stream::measure(course)?;
        drop(broker);
        stream::restarts(&plan, &last, figures)
    }

    fn home_assistant(&self, figures: &mut Figures) -> Result<()> {
        let broker = Broker::start(&self.folder.join("their-broker"))?;
        let plan = Plan::home_assistant(self.folder.join("home-assistant"), broker.port)?;
        let mut course = Course::start(&plan, &broker, self.size, figures)?;
        self.shared_steps(&mut course)
    }

    /// What every hub is asked to do, in the same order.
    fn shared_steps(&self, course: &mut Course<'_>) -> Result<()> {
        let first = course.hub.begun.elapsed().as_secs_f64();
        course.figures.add("first start to the first answer", first, "s", Bar::None);
        rest::measure(course)?;
        let steps: [(Step, Measure); 7] = [
            (Step::Command, commands::lamp),
            (Step::Scene, commands::scene),
            (Step::Rules, rules::measure),
            (Step::Phones, subscribers::measure),
            (Step::Cards, cards::measure),
            (Step::Burst, burst::measure),
            (Step::Chart, chart::measure),
        ];
        for (_, measure) in steps.into_iter().filter(|(step, _)| self.wants(*step)) {
            // Some hubs end a connection that was left alone during the step before.
            course.http = course.plan.connect()?;
            measure(course)?;
        }
        Ok(())
    }

    fn scale(&self, figures: &mut Figures) -> Result<String> {
        let sizes: &[usize] = if self.full { &[10, 100, 1_000, 10_000] } else { &[10, 100, 1_000] };
        scale::measure(&self.program, &self.folder, sizes, figures)
    }
}
