//! What people and scripts read: aligned tables, values with their units, or JSON.

use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};
use ratatui::text::Span;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{cli::Ending, client::shaped};

/// How to print.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Output {
    /// Print JSON, for scripts.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Output {
    /// Prints what the hub answered: as it came for scripts, as `tell` puts it for people.
    pub(crate) fn show<T: DeserializeOwned>(
        self,
        answer: Value,
        tell: impl FnOnce(T) -> anyhow::Result<Ending>,
    ) -> anyhow::Result<Ending> {
        if self.json {
            println!("{answer:#}");
            return Ok(Ending::Good);
        }
        tell(shaped(answer)?)
    }
}

/// A table for people: columns as wide as their widest cell.
#[derive(Debug)]
pub(crate) struct Grid {
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A table with these headings.
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { rows: vec![headings.map(str::to_owned).into()] }
    }

    /// Adds a row, as many cells as there are headings.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// The table as text; every line ends.
    pub(crate) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, wide) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(wide - width(cell) + 2));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// How many columns of a terminal a text takes.
fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// A value as people write it, with its unit: `21.5 °C`, `on`, `-` for unknown.
pub(crate) fn value(value: &Value, unit: &str) -> String {
    match value {
        Value::Null => "-".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => {
            let number = number.as_f64().map_or_else(|| number.to_string(), |number| rounded(number).to_string());
            if unit.is_empty() { number } else { format!("{number} {unit}") }
        }
        Value::String(text) => text.clone(),
        Value::Object(color) => {
            match (color.get("h").and_then(Value::as_f64), color.get("s").and_then(Value::as_f64)) {
                (Some(hue), Some(saturation)) => format!("{}° {} %", hue.round(), saturation.round()),
                _ => Value::Object(color.clone()).to_string(),
            }
        }
        list @ Value::Array(_) => list.to_string(),
    }
}

/// A moment by the clock of this machine.
pub(crate) fn moment(at: Timestamp) -> String {
    ZonedDateTime::new(at, TimeZone::system()).strftime("%F %T").to_string()
}

/// A number with no more digits than anyone reads: two decimals for small ones, none for large.
fn rounded(number: f64) -> f64 {
    let places = if number.abs() < 1000.0 { 100.0 } else { 1.0 };
    let rounded = (number * places).round() / places;
    // There is no minus zero for people.
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_stand_in_line_whatever_the_script() {
        let mut grid = Grid::new(["NAME", "VALUE"]);
        grid.row(["走廊灯".into(), "on".into()]);
        grid.row(["Hall".into(), String::new()]);
        assert_eq!(grid.render(), "NAME    VALUE\n走廊灯  on\nHall\n");
    }

    #[test]
    fn values_are_written_for_people() {
        assert_eq!(value(&json!(21.4567), "°C"), "21.46 °C");
        assert_eq!(value(&json!(100.0), "%"), "100 %");
        assert_eq!(value(&json!(-0.001), ""), "0");
        assert_eq!(value(&json!(123_456.7), "kWh"), "123457 kWh");
        assert_eq!(value(&json!(null), "W"), "-");
        assert_eq!(value(&json!({"h": 120.2, "s": 99.6}), ""), "120° 100 %");
    }
}
