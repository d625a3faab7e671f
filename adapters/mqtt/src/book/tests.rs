//! Messages in, reports out: whole devices, as real programs announce them.

mod bundles;
mod lifecycle;
mod recorded;
mod tasmota;

use std::fmt::Write as _;

use super::*;

/// A book with a clock of its own, and what came out of it.
pub(super) struct Feed {
    pub(super) book: Book,
    pub(super) now: Instant,
    pub(super) effects: Effects,
    /// What the broker keeps.
    retained: HashMap<String, String>,
}

impl Feed {
    pub(super) fn new() -> Self {
        let mut book = Book::new("homeassistant", Timing::default());
        let now = Instant::now();
        book.connect(now);
        Self { book, now, effects: Effects::default(), retained: HashMap::new() }
    }

    pub(super) fn message(&mut self, topic: &str, payload: &str, retain: bool) -> &mut Self {
        let message = Incoming { topic, payload: payload.as_bytes(), retain };
        self.book.handle(message, self.now, Timestamp::UNIX_EPOCH, &mut self.effects);
        if retain {
            self.retained.insert(topic.to_owned(), payload.to_owned());
        }
        // A subscription makes the broker repeat what it keeps.
        for topic in std::mem::take(&mut self.effects.topics) {
            if let Some(payload) = self.retained.get(topic.as_str()).filter(|_| self.book.needs(&topic)) {
                let message = Incoming { topic: &topic, payload: payload.as_bytes(), retain: true };
                self.book.handle(message, self.now, Timestamp::UNIX_EPOCH, &mut self.effects);
            }
        }
        self
    }

    pub(super) fn config(&mut self, topic: &str, payload: serde_json::Value) -> &mut Self {
        self.message(&format!("homeassistant/{topic}/config"), &payload.to_string(), true)
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, time: Duration) -> &mut Self {
        self.now += time;
        self.book.wake(self.now, Timestamp::UNIX_EPOCH, &mut self.effects);
        self
    }

    /// Lets everything settle.
    pub(super) fn settle(&mut self) -> &mut Self {
        self.wait(Duration::from_secs(5))
    }

    /// What was said since the last call, in words.
    pub(super) fn said(&mut self) -> String {
        let mut words = String::new();
        for report in std::mem::take(&mut self.effects.reports) {
            match report.said {
                Said::Found(found) => words += &describe(&report.key, &found),
                Said::Read(readings) => {
                    for (endpoint, property, value) in readings {
                        let _ = writeln!(words, "{}/{endpoint}/{property} = {value}", report.key);
                    }
                }
                Said::Occurred(endpoint, occurrence) => {
                    let _ = writeln!(words, "{}/{endpoint} {occurrence}!", report.key);
                }
                Said::Reachable(reachable) => {
                    let _ = writeln!(words, "{} reachable {reachable}", report.key);
                }
                Said::Gone => {
                    let _ = writeln!(words, "{} gone", report.key);
                }
            }
        }
        for complaint in std::mem::take(&mut self.effects.complaints) {
            let _ = writeln!(words, "! {}: {}", complaint.entity, complaint.problem);
        }
        words
    }
}

fn describe(key: &DeviceKey, found: &hub_model::Found) -> String {
    let product = &found.product;
    let mut words = format!("{key} is `{}`, {:?} {:?}\n", found.name, product.vendor, product.model);
    for endpoint in &found.endpoints {
        let _ = writeln!(
            words,
            "  {} {}{}",
            endpoint.id,
            endpoint.kind.word(),
            endpoint.name.as_ref().map_or(String::new(), |name| format!(" `{name}`"))
        );
        for offer in &endpoint.properties {
            let settable = if offer.access == hub_model::capability::Access::ReadWrite { " settable" } else { "" };
            let silent = if offer.reports { "" } else { " silent" };
            let _ =
                writeln!(words, "    {} {} [{}]{settable}{silent}", offer.property, shape(&offer.shape), offer.unit);
        }
        for offer in &endpoint.actions {
            let _ = writeln!(words, "    {}()", offer.action);
        }
        for occurrence in &endpoint.occurrences {
            let _ = writeln!(words, "    {occurrence}!");
        }
    }
    words
}

fn shape(shape: &hub_model::Shape) -> String {
    use hub_model::Shape;
    match shape {
        Shape::Bool => "bool".into(),
        Shape::Number(limits) => format!("{limits}{}", limits.step.map_or(String::new(), |step| format!(" by {step}"))),
        Shape::Choice(words) => words.join("|"),
        Shape::Text(longest) => format!("text {longest}"),
        Shape::Color => "colour".into(),
    }
}
