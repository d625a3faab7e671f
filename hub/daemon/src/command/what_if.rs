//! `hub what-if`.

use hub_model::PathName;
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    cli::{Ending, WrongUse},
    client::Which,
    output::{self, Output},
    typed,
};

const WHAT_IF: &str = "query ($at: DateTime, $given: [SupposedValue!]!, $becomes: [SupposedValue!]!, \
     $occurs: [SupposedOccurrence!]!, $for: Float!) { \
     whatIf(at: $at, given: $given, becomes: $becomes, occurs: $occurs, for: $for) { at kind text because rule } }";

/// See every consequence of something that is not so: `hub what-if --at "2026-12-01 22:00"
/// hall-motion/occupancy.occupied=true`. The rules run in a twin of the home; nothing leaves the hub.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What becomes: PATH=VALUE, one after the other.
    #[arg(value_name = "PATH=VALUE", required_unless_present_any = ["occurs", "at"])]
    becomes: Vec<String>,
    /// When: `2026-12-01 22:00` by the clock of this machine, or a moment with its offset; now if not given.
    #[arg(long, value_name = "WHEN")]
    at: Option<String>,
    /// How something is before that; all else is as it is now.
    #[arg(long, value_name = "PATH=VALUE")]
    given: Vec<String>,
    /// What happens: `bedside-button/button.single`.
    #[arg(long, value_name = "DEVICE/WHAT")]
    occurs: Vec<String>,
    /// For how long to follow it.
    #[arg(long = "for", default_value = "1h", value_name = "SPAN")]
    span: String,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

#[derive(Deserialize)]
struct Consequence {
    at: Timestamp,
    text: String,
    because: Option<usize>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let at = args.at.as_deref().map(moment).transpose()?;
    let span: SignedDuration =
        args.span.parse().map_err(|_| WrongUse(format!("`{}` is not a span such as 30m or 2h", args.span)))?;
    let variables = json!({
        "at": at.map(|at| at.to_string()),
        "given": values(&args.given)?,
        "becomes": values(&args.becomes)?,
        "occurs": args.occurs.iter().map(|text| occurrence(text)).collect::<Result<Vec<_>, _>>()?,
        "for": span.as_secs_f64(),
    });
    args.output.show(args.which.client()?.ask(WHAT_IF, variables).await?, |consequences: Vec<Consequence>| {
        print!("{}", tree(&consequences));
        Ok(Ending::Good)
    })
}

fn values(texts: &[String]) -> Result<Vec<Value>, WrongUse> {
    let value = |(path, value): (PathName, Value)| json!({ "path": path.to_string(), "value": value });
    Ok(typed::settings(texts)?.into_iter().map(value).collect())
}

fn occurrence(text: &str) -> Result<Value, WrongUse> {
    let wrong = || WrongUse(format!("`{text}` is not a device and what happens, such as bedside-button/button.single"));
    let (place, what) = text.rsplit_once('/').ok_or_else(wrong)?;
    let (device, endpoint) = place.split_once('/').map_or((place, None), |(device, endpoint)| (device, Some(endpoint)));
    Ok(json!({ "device": device, "endpoint": endpoint, "what": what }))
}

/// A moment, or a date and time by the clock of this machine.
fn moment(text: &str) -> Result<Timestamp, WrongUse> {
    let wrong = || WrongUse(format!("`{text}` is not a moment such as \"2026-12-01 22:00\" or 2026-12-01T22:00:00Z"));
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    let civil: DateTime = text.parse().map_err(|_| wrong())?;
    TimeZone::system().to_ambiguous_timestamp(civil).compatible().map_err(|_| wrong())
}

/// Each consequence beneath what it comes from, a little further in.
fn tree(list: &[Consequence]) -> String {
    let mut depths: Vec<usize> = Vec::new();
    let mut text = String::new();
    for one in list {
        let depth = one.because.and_then(|because| depths.get(because)).map_or(0, |depth| depth + 1);
        depths.push(depth);
        text.push_str(&format!("{}  {}{}\n", output::moment(one.at), "  ".repeat(depth), one.text));
    }
    if list.is_empty() {
        text.push_str("Nothing would come of it.\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consequences_stand_beneath_what_they_come_from() {
        let one = |because, text: &str| Consequence { at: Timestamp::UNIX_EPOCH, text: text.into(), because };
        let text = tree(&[one(None, "a"), one(Some(0), "b"), one(Some(1), "c"), one(Some(0), "d")]);
        let lines: Vec<_> = text.lines().map(|line| &line[19..]).collect();
        assert_eq!(lines, ["  a", "    b", "      c", "    d"]);
    }

    #[test]
    fn a_moment_and_an_occurrence_are_told_as_people_write_them() {
        assert_eq!(moment("2026-12-01T22:00:00Z").unwrap().to_string(), "2026-12-01T22:00:00Z");
        assert!(moment("2026-12-01 22:00").is_ok() && moment("tomorrow").is_err());
        assert_eq!(occurrence("wall-switch/2/button.single").unwrap()["endpoint"], "2");
        assert!(occurrence("bell").is_err());
    }
}
