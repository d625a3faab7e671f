//! Figures and their bars.

use std::fmt;

/// What was measured.
#[derive(Debug, Default)]
pub(super) struct Figures(Vec<Figure>);

#[derive(Debug)]
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    /// The most that it may be; `None` where it is told for knowledge alone.
    bar: Option<f64>,
}

impl Figures {
    /// Adds one that is to stay below a bar.
    pub(super) fn below(&mut self, name: impl Into<String>, value: f64, unit: &'static str, bar: f64) {
        self.add(Figure { name: name.into(), value, unit, bar: Some(bar) });
    }

    /// Adds one that is good to know.
    pub(super) fn note(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.add(Figure { name: name.into(), value, unit, bar: None });
    }

    /// Whether every bar is kept.
    pub(super) fn all_good(&self) -> bool {
        self.0.iter().all(Figure::is_good)
    }

    fn add(&mut self, figure: Figure) {
        eprintln!("bench: {} {:.3} {}", figure.name, figure.value, figure.unit);
        self.0.push(figure);
    }
}

impl Figure {
    fn is_good(&self) -> bool {
        self.bar.is_none_or(|bar| self.value <= bar)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| figure | measured | bar | |\n| --- | --- | --- | --- |")?;
        for figure in &self.0 {
            let Figure { name, value, unit, bar } = figure;
            let bar = bar.map_or_else(String::new, |bar| format!("{bar} {unit}"));
            let verdict = if figure.is_good() { "" } else { "MISSED" };
            writeln!(f, "| {name} | {value:.3} {unit} | {bar} | {verdict} |")?;
        }
        Ok(())
    }
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
        figures.below("memory", 41.0, "MB", 40.0);
        assert!(!figures.all_good() && figures.to_string().contains("MISSED"));
    }
}
