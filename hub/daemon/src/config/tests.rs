use std::path::Path;

use adapter_api::{AdapterError, Context, Delivery, Field, Order};
use futures_util::future::BoxFuture;

use super::*;

struct Nothing;

impl Adapter for Nothing {
    fn run(self: Arc<Self>, _: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        Box::pin(async { Ok(()) })
    }
    fn execute(&self, _: Order) -> BoxFuture<'_, Delivery> {
        unimplemented!("no order is given")
    }
}

const BROKER: AdapterKind = AdapterKind {
    name: "broker",
    doc: "A test's.",
    fields: &[
        Field::required("url", FieldKind::Text, "Where it is."),
        Field::optional("ca", FieldKind::File, "Whom to trust."),
        Field::optional("seed", FieldKind::Integer(0, 100), "Any number."),
    ],
    build: |settings| match settings.text("url") {
        Some(url) if url.starts_with("mqtt://") => Ok(Arc::new(Nothing)),
        _ => Err(SettingsError::new("url", "a broker's URL begins with mqtt://")),
    },
};

fn parse_text(text: &str) -> Result<Config, String> {
    let source = Source { path: Path::new("etc/hub.toml"), text };
    parse(&source, &Overrides::new(), &[&BROKER]).map_err(|fault| fault.to_string())
}

fn fault(text: &str) -> String {
    parse_text(text).err().unwrap()
}

#[test]
fn an_empty_file_means_the_usual_settings() {
    let config = parse_text("").unwrap();
    assert_eq!(config.hub, HubSettings::default());
    assert!(config.adapters.is_empty());
}

#[test]
fn an_adapter_runs_when_its_table_is_there() {
    let config = parse_text("[hub]\nlisten = '[::]:80'\ntls = 'local'\n[broker]\nurl = 'mqtt://localhost'").unwrap();
    assert_eq!(config.hub.listen, "[::]:80".parse().unwrap());
    assert_eq!(config.hub.protection, Protection::Local);
    assert_eq!(config.adapters[0].kind.name, "broker");
}

#[test]
fn every_fault_names_file_line_column_and_a_remedy() {
    assert_eq!(fault("[hub]\n  lisen = ''"), "etc/hub.toml:2:3: there is no setting `lisen`, did you mean `listen`?");
    assert_eq!(fault("\n[brokr]\n"), "etc/hub.toml:2:2: there is no table `brokr`, did you mean `broker`?");
    assert_eq!(fault("[broker]"), "etc/hub.toml:1:2: `url` is missing: Where it is.");
    assert_eq!(fault("[broker]\nurl = 'http://x'"), "etc/hub.toml:2:1: a broker's URL begins with mqtt://");
    assert_eq!(fault("listen = 'x'"), "etc/hub.toml:1:1: `listen` belongs below a line `[hub]`");
    assert_eq!(fault("[hub]\ntls_cert = 'c.pem'"), "etc/hub.toml:2:1: `tls_cert` needs `tls_key` beside it");
    assert!(fault("[hub]\nlisten = 'here'").starts_with("etc/hub.toml:2:1: `here` is not an address and port"));
    assert!(fault("[hub]\nlisten = ").starts_with("etc/hub.toml:2:"));
    assert!(fault("# äöü\nmöbel = 3").starts_with("etc/hub.toml:2:"));
}

#[test]
fn relative_files_are_meant_from_the_file_that_names_them() {
    let config = parse_text("[hub]\ntls_cert = 'c.pem'\ntls_key = '/k.pem'").unwrap();
    let files = Protection::Files { cert: "etc/c.pem".into(), key: "/k.pem".into() };
    assert_eq!(config.hub.protection, files);
}

#[test]
fn the_command_line_adds_to_a_table() {
    let overrides: Overrides = toml::from_str("[broker]\nurl = 'mqtt://a'\nseed = 7").unwrap();
    let source = Source { path: Path::new("hub.toml"), text: "" };
    assert_eq!(parse(&source, &overrides, &[&BROKER]).unwrap().adapters.len(), 1);
    // The fault is in no file; it is named all the same.
    let overrides: Overrides = toml::from_str("[broker]\nurl = 'mqtt://a'\nseed = 700").unwrap();
    let fault = parse(&source, &overrides, &[&BROKER]).err().unwrap().to_string();
    assert_eq!(fault, "hub.toml:1:1: `seed` takes a whole number from 0 to 100");
}

#[test]
fn a_named_file_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("hub.toml");
    assert!(read(None, &missing, &Overrides::new(), &[]).is_ok());
    assert!(matches!(read(Some(&missing), &missing, &Overrides::new(), &[]), Err(ConfigError::Unreadable { .. })));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}", noise in "(\\[hub\\]|\\n|listen|=|'|\\[|ä|tls){0,12}") {
        let _ = parse_text(&text);
        let _ = parse_text(&noise);
    }
}

#[test]
fn every_line_of_the_example_is_a_setting() {
    let example = include_str!("../../hub.example.toml");
    // Settings are commented out: "# key = ..." and "# [table]".
    let is_setting =
        |line: &str| line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
    let open = |line: &str| line.strip_prefix("# ").filter(|line| is_setting(line)).unwrap_or(line).to_owned();
    // The last table is unknown to a hub that is built without Matter.
    let known = if cfg!(feature = "matter") { example } else { example.split("# [matter]").next().unwrap() };
    let text = known.lines().map(open).collect::<Vec<_>>().join("\n");
    let source = Source { path: Path::new("hub.example.toml"), text: &text };
    let config = parse(&source, &Overrides::new(), crate::wiring::ADAPTERS).map_err(|fault| fault.to_string()).unwrap();
    assert_eq!(config.hub.protection, Protection::Local);
    assert_eq!(config.adapters.len(), crate::wiring::ADAPTERS.len());
    let empty = |table: &toml::Value| table.as_table().is_some_and(Table::is_empty);
    assert!(toml::from_str::<Table>(example).unwrap().values().all(empty), "nothing holds as it stands");
}
