//! `hub history`.

use hub_model::PathName;
use jiff::{Span, Timestamp, ZonedDateTime, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    cli::{Ending, WrongUse},
    client::Which,
    output::{self, Grid, Output},
};

const HISTORY: &str = "query ($device: ID!, $endpoint: ID!, $property: String!, $from: DateTime!, $to: DateTime!, $points: Int) { \
     history(device: $device, endpoint: $endpoint, property: $property, from: $from, to: $to, points: $points) \
     { at value min max } }";

/// Print the history of a property: `hub history bath/humidity.measured --from 2h`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where: handle/property, or handle/endpoint/property.
    #[arg(value_name = "PATH")]
    path: PathName,
    /// From when: so long ago (`90m`, `2d`), or a moment (`2026-03-01T07:30:00Z`).
    #[arg(long, default_value = "24h", value_name = "WHEN")]
    from: String,
    /// Until when: the same; now if not given.
    #[arg(long, value_name = "WHEN")]
    to: Option<String>,
    /// At most so many points; the hub thins to that.
    #[arg(long, default_value_t = 500)]
    points: u32,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    output: Output,
}

#[derive(Deserialize)]
struct Point {
    at: Timestamp,
    value: Value,
    min: Option<f64>,
    max: Option<f64>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let now = Timestamp::now();
    let (from, to) = (moment(&args.from, now)?, args.to.map_or(Ok(now), |to| moment(&to, now))?);
    let PathName { handle, endpoint, property } = args.path;
    let variables = json!({ "device": handle.as_str(), "endpoint": endpoint.as_str(), "property": property.as_str(),
                            "from": from.to_string(), "to": to.to_string(), "points": args.points });
    let unit = property.known().map_or("", |row| row.unit.symbol());
    args.output.show(args.which.client()?.ask(HISTORY, variables).await?, |points| print(points, unit))
}

fn print(points: Vec<Point>, unit: &str) -> anyhow::Result<Ending> {
    let cell = |number: Option<f64>| number.map_or_else(String::new, |number| output::value(&number.into(), ""));
    let mut grid = Grid::new(["TIME", "VALUE", "LEAST", "GREATEST"]);
    for point in points {
        grid.row([output::moment(point.at), output::value(&point.value, unit), cell(point.min), cell(point.max)]);
    }
    print!("{}", grid.render());
    Ok(Ending::Good)
}

/// A moment, or so long before now.
fn moment(text: &str, now: Timestamp) -> Result<Timestamp, WrongUse> {
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    let wrong = || {
        WrongUse(format!("`{text}` is neither a time ago such as 90m or 2d nor a moment such as 2026-03-01T07:30:00Z"))
    };
    let span: Span = text.parse().map_err(|_| wrong())?;
    ZonedDateTime::new(now, TimeZone::UTC).checked_sub(span.abs()).map(|at| at.timestamp()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_such_or_as_so_long_ago() {
        let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        let at = |text: &str| moment(text, now).map(|at| at.to_string()).map_err(|error| error.0);
        assert_eq!(at("90m").unwrap(), "2026-03-02T10:30:00Z");
        assert_eq!(at("2d").unwrap(), "2026-02-28T12:00:00Z");
        assert_eq!(at("2026-03-01T07:30:00+01:00").unwrap(), "2026-03-01T06:30:00Z");
        assert!(at("yesterday").unwrap_err().contains("90m"));
    }
}
