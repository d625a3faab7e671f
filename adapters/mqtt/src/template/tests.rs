//! What Home Assistant's own templates must give.

use super::*;

fn read(source: &str, payload: &str) -> String {
    let payload = Payload::new(payload.as_bytes());
    let template = Template::compile(source).unwrap();
    match template.read(&payload) {
        Answer::Nothing => "<nothing>".to_owned(),
        other => other.text().into_owned(),
    }
}

fn is_fast(source: &str) -> bool {
    path::KeyPath::parse(source).is_some()
}

#[test]
fn picking_a_value_needs_no_engine() {
    for source in [
        "{{ value_json.power }}",
        "{{value_json['power']}}",
        "{{ value_json[\"power\"] }}",
        "{{ value_json.a.b }}",
        "{{ value }}",
    ] {
        assert!(is_fast(source), "{source}");
    }
    for source in
        ["{{ value_json }}", "{{ value_json.a | float }}", "{{ value_json[0] }}", "{{ value_json.get('a') }}", "x"]
    {
        assert!(!is_fast(source), "{source}");
    }
}

#[test]
fn the_fast_way_gives_what_the_engine_gives() {
    let payloads = [
        r#"{"a": 1, "b": {"c": "x"}, "t": true, "n": null, "f": 1.5, "l": [1, "x"], "o": {"k": true}}"#,
        "[1]",
        "7",
        "null",
        "not json",
        "",
        r#""text""#,
        r#"{"b": 3}"#,
        r#"{"b": null}"#,
    ];
    for key in ["a", "b.c", "t", "n", "f", "l", "o", "missing", "missing.x", "b.missing", "a.x"] {
        // A useless filter keeps the second form away from the fast way.
        let (fast, slow) = (format!("{{{{ value_json.{key} }}}}"), format!("{{{{ value_json.{key} }}}}{{# #}}"));
        assert!(is_fast(&fast) && !is_fast(&slow));
        for payload in payloads {
            assert_eq!(read(&fast, payload), read(&slow, payload), "{key} of {payload}");
        }
    }
}

#[test]
fn templates_of_real_devices() {
    for (source, payload, expected) in [
        ("{{ value_json.update.get('progress', 'null') }}", r#"{"update": {}}"#, "null"),
        ("{% if value_json[\"memory\"] %}true{% else %}false{% endif %}", r#"{"memory": true}"#, "true"),
        ("{{ value_json[\"c\"] | default('',True) | string | truncate(254, True, '', 0) }}", r#"{"c": null}"#, ""),
        ("{{ value_json.SENSOR.temp | is_defined }}", r#"{"SENSOR": {}}"#, "<nothing>"),
        ("{{ value_json.temp | float | round(1) }}", r#"{"temp": "21.26"}"#, "21.3"),
        ("{{ (value | float / 10) | round(1) }}", "215", "21.5"),
        ("{{ value | int(0) + 1 }}", "x", "1"),
        ("{{ value_json.battery | float(none) }}", r#"{"battery": 55}"#, "55.0"),
        ("{{ iif(value_json.on, 'yes', 'no') }}", r#"{"on": false}"#, "no"),
        ("{{ value.split(',')[1] | trim }}", "a, b", "b"),
        ("{{ 'ON' if value_json.state == true else 'OFF' }}", r#"{"state": true}"#, "ON"),
        ("{{ (value | from_json).x }}", r#"{"x": 3}"#, "3"),
        ("{{ value_json | to_json }}", r#"{"x": [1, null]}"#, r#"{"x":[1,null]}"#),
        ("{{ 1700000000 | timestamp_custom('%H:%M') }}", "", "22:13"),
        ("{{ value_json.list | map('float') | sum }}", r#"{"list": [1, 2]}"#, "3.0"),
        ("{{ states('sensor.x') }}", "1", "<nothing>"),
    ] {
        assert_eq!(read(source, payload), expected, "{source}");
    }
}

#[test]
fn templates_of_each_program_give_what_home_assistant_gives() {
    let mut wrong = Vec::new();
    for line in include_str!("../../tests/data/templates.jsonl").lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let source = case["template"].as_str().unwrap();
        let gives = match &case["command"] {
            serde_json::Value::Object(variables) => {
                let leak =
                    |(name, value): (&String, &serde_json::Value)| (&*name.clone().leak(), value::to_jinja(value));
                let variables = variables.iter().map(leak).collect();
                Template::compile(source).unwrap().write(variables).unwrap_or("<nothing>".into())
            }
            _ => read(source, case["payload"].as_str().unwrap()),
        };
        let expected = case["gives"].as_str().unwrap_or("<nothing>");
        if gives != expected {
            wrong.push(format!("{source}\n  of {} gives `{gives}`, not `{expected}`", case["payload"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn times_are_those_of_the_home() {
    let mut templates = Templates::default();
    let mut read = |source: &str, payload: &str| {
        let template = templates.compile(source).unwrap();
        templates.zone.set(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
        template.read(&Payload::new(payload.as_bytes())).text().into_owned()
    };
    // Half past nine in the summer of Berlin.
    for (source, gives) in [
        ("{{ value | int | timestamp_custom('%H:%M') }}", "09:30"),
        ("{{ value | int | timestamp_custom('%H:%M', false) }}", "07:30"),
        ("{{ value | int | timestamp_local }}", "2024-07-01T09:30:00+02:00"),
        ("{{ value | int | timestamp_utc }}", "2024-07-01T07:30:00+00:00"),
        ("{{ (value | int | as_datetime | as_local).hour }}", "9"),
        ("{{ (value | int | as_datetime).hour }}", "7"),
        ("{{ as_timestamp('2024-07-01 09:30:00') | int }}", "1719819000"),
        ("{{ strptime('2024-07-01 09:30', '%Y-%m-%d %H:%M').isoformat() }}", "2024-07-01T09:30:00+02:00"),
        ("{{ as_datetime('2024-07-01T09:30:00+05:00').hour }} {{ as_datetime('2024-07-01').weekday() }}", "9 0"),
        (
            "{{ (now().timestamp() - utcnow().timestamp()) | abs < 5 }} {{ now().isoformat()[-6:] in ['+01:00', '+02:00'] }}",
            "True True",
        ),
    ] {
        assert_eq!(read(source, "1719819000"), gives, "{source}");
    }
}

#[test]
fn a_template_that_explodes_says_nothing() {
    for source in [
        "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}",
        "{{ 'x' * 100000000 }}",
        "{{ ('x' * 10000) | regex_replace('x', 'y' * 10000) }}",
        "{{ ('x' * 10000) | regex_replace('.*', '\\\\0' * 4000) }}",
        "{{ 'x' | regex_replace('(a{1000}){1000}', '') }}",
        "{% for i in range(9000) %}{{ 'x' | regex_replace('x' ~ i, '') }}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set n = namespace(s='x') %}{% for i in range(64) %}{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}",
    ] {
        assert_eq!(read(source, "1"), "<nothing>", "{source}");
    }
    assert!(matches!(Template::compile(&"x".repeat(20_000)), Err(TemplateError::TooLong(20_000))));
    assert!(matches!(Template::compile("{{ value"), Err(TemplateError::Malformed { .. })));
}

#[test]
fn a_payload_that_is_no_text_says_nothing() {
    let payload = Payload::new(&[0xff, 0xfe]);
    for source in ["{{ value }}", "{{ value | upper }}", "{{ value_json.x }}"] {
        assert!(Template::compile(source).unwrap().read(&payload).is_nothing());
    }
}

#[test]
fn equal_templates_are_compiled_once() {
    let mut templates = Templates::default();
    let first = templates.compile("{{ value | upper }}").unwrap();
    let second = templates.compile("{{ value | upper }}").unwrap();
    assert!(Arc::ptr_eq(&first.0, &second.0));
    drop((first, second));
    for number in 0..1000 {
        templates.compile(&format!("{{{{ value | int + {number} }}}}")).unwrap();
    }
    assert!(templates.known.len() <= 256, "templates that nobody uses are forgotten");
}

proptest::proptest! {
    #[test]
    fn any_template_and_payload_are_survived(source: String, payload: Vec<u8>) {
        if let Ok(template) = Template::compile(&source) {
            let _ = template.read(&Payload::new(&payload));
        }
    }

    #[test]
    fn any_expression_over_json_is_survived(expression in "[a-z_.|()\\[\\]'0-9 +*/%-]{0,40}", payload in "[\\[\\]{}\",:0-9a-z]{0,60}") {
        if let Ok(template) = Template::compile(&format!("{{{{ {expression} }}}}")) {
            let _ = template.read(&Payload::new(payload.as_bytes()));
        }
    }
}
