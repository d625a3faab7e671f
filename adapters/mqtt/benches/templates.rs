//! What the template of a state costs, with a fresh payload each time.

use std::hint::black_box;

use adapter_mqtt::{payload::Payload, template::Template};
use criterion::{Criterion, criterion_group, criterion_main};

const PAYLOAD: &[u8] = br#"{"battery":97,"humidity":51.2,"linkquality":120,"pressure":1013.2,"temperature":21.5,"color":{"x":0.3,"y":0.4}}"#;

/// The kinds that there are: one that only picks a value, and such that need the language.
const TEMPLATES: &[(&str, &str)] = &[
    ("pick a value", "{{ value_json.temperature }}"),
    ("round a value", "{{ value_json.temperature | float | round(1) }}"),
    ("decide", "{% if value_json.battery < 20 %}ON{% else %}OFF{% endif %}"),
    ("a default", "{{ value_json.missing | default(value_json.color.x * 100) | int }}"),
];

fn reading(criterion: &mut Criterion) {
    for (name, source) in TEMPLATES {
        let template = Template::compile(source).expect("a template of ours");
        criterion.bench_function(&format!("template: {name}"), |bench| {
            bench.iter(|| {
                let payload = Payload::new(black_box(PAYLOAD));
                black_box(template.read(&payload).is_nothing())
            });
        });
    }
    criterion.bench_function("template: compile one that decides", |bench| {
        bench.iter(|| Template::compile(black_box(TEMPLATES[2].1)));
    });
}

criterion_group!(benches, reading);
criterion_main!(benches);
