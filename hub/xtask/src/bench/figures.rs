//! Figures, their bars, and the same figures of another hub beside them.

use std::{fmt, time::Duration};

/// What was measured, in its order.
#[derive(Debug, Default)]
pub(super) struct Figures(Vec<Figure>);

#[derive(Debug)]
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    bar: Bar,
    /// The same of the peer, in the same run.
    peer: Option<f64>,
}

/// What a figure has to keep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bar {
    /// No more than this.
    Below(f64),
    /// No less than this.
    Above(f64),
    /// It is told for knowledge alone.
    None,
}

impl Figures {
    /// Adds one.
    pub(super) fn add(&mut self, name: impl Into<String>, value: f64, unit: &'static str, bar: Bar) {
        let figure = Figure { name: name.into(), value, unit, bar, peer: None };
        eprintln!("bench: {}: {} {unit}", figure.name, shown(value));
        self.0.push(figure);
    }

    /// Puts the peer's figures beside those of the same name.
    pub(super) fn beside(&mut self, peer: &Self) {
        for figure in &mut self.0 {
            figure.peer = peer.0.iter().find(|other| other.name == figure.name).map(|other| other.value);
        }
    }

    /// Whether every bar is kept.
    pub(super) fn all_good(&self) -> bool {
        self.0.iter().all(Figure::is_good)
    }
}

impl Figure {
    fn is_good(&self) -> bool {
        match self.bar {
            Bar::Below(most) => self.value <= most,
            Bar::Above(least) => self.value >= least,
            Bar::None => true,
        }
    }

    /// How many times better than the peer: what is to be small, the peer has so much more of.
    fn ratio(&self) -> Option<f64> {
        let peer = self.peer?;
        let more_is_better = matches!(self.bar, Bar::Above(_)) || self.unit == "/s";
        Some(if more_is_better { self.value / peer } else { peer / self.value })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let compared = self.0.iter().any(|figure| figure.peer.is_some());
        let (head, rule) = if compared { (" peer | times better |", " --- | --- |") } else { ("", "") };
        writeln!(f, "| figure | measured | bar |{head} |\n| --- | --- | --- |{rule} --- |")?;
        for figure in &self.0 {
            let unit = figure.unit;
            let bar = match figure.bar {
                Bar::Below(bar) => format!("{bar} {unit}"),
                Bar::Above(bar) => format!("at least {bar} {unit}"),
                Bar::None => String::new(),
            };
            let peer =
                |value: Option<f64>, unit: &str| value.map_or_else(String::new, |it| format!("{} {unit}", shown(it)));
            write!(f, "| {} | {} {unit} | {bar} |", figure.name, shown(figure.value))?;
            if compared {
                write!(f, " {} | {} |", peer(figure.peer, unit), figure.ratio().map_or_else(String::new, shown))?;
            }
            writeln!(f, " {} |", if figure.is_good() { "" } else { "MISSED" })?;
        }
        Ok(())
    }
}

/// Three digits are all that a measurement is good for.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// A time as figures show it, in milliseconds.
pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The value that so large a part (0 to 1) of all values does not exceed.
pub(super) fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    values.get((last * part).round() as usize).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_values() {
        assert_eq!(quantile(&mut [3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&mut [3.0, 1.0, 2.0], 1.0), 3.0);
        assert!(quantile(&mut [], 0.5).is_nan());
    }

    #[test]
    fn a_missed_bar_is_said() {
        let mut figures = Figures::default();
        figures.add("memory", 41.0, "MB", Bar::Below(40.0));
        assert!(!figures.all_good() && figures.to_string().contains("MISSED"));
        let mut figures = Figures::default();
        figures.add("cards", f64::NAN, "/s", Bar::Above(300.0));
        assert!(!figures.all_good(), "what could not be measured is not good");
    }

    #[test]
    fn a_peer_stands_beside_with_how_much_better_we_are() {
        let (mut ours, mut theirs) = (Figures::default(), Figures::default());
        for (figures, memory, rate) in [(&mut ours, 20.0, 1000.0), (&mut theirs, 200.0, 250.0)] {
            figures.add("memory", memory, "MB", Bar::Below(40.0));
            figures.add("cards", rate, "/s", Bar::Above(300.0));
        }
        ours.beside(&theirs);
        let table = ours.to_string();
        assert!(table.contains("| 200 MB | 10 |") && table.contains("| 250 /s | 4 |"), "{table}");
    }
}
