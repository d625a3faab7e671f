//! What the owner sets under `[mqtt]`.

use std::path::PathBuf;

use adapter_api::{Field, FieldKind, Settings as Table, SettingsError};

use crate::topic::{is_topic, is_word};

/// What can be set.
pub(crate) const FIELDS: &[Field] = &[
    Field::required(
        "broker",
        FieldKind::Text,
        "The broker: `mqtt://host`, `mqtt://host:port` or, with TLS, `mqtts://host`.",
    ),
    Field::optional("username", FieldKind::Text, "The user name, where the broker wants one."),
    Field::optional("password", FieldKind::Secret, "The password that goes with it."),
    Field::optional(
        "ca_file",
        FieldKind::File,
        "A PEM file with the certificate authority that the broker's certificate comes from. Without it, those of the system are trusted.",
    ),
    Field::optional(
        "client_id",
        FieldKind::Text,
        "How the hub calls itself at the broker; by default `hearth-` and random letters, new at every start.",
    ),
    Field::optional(
        "discovery_prefix",
        FieldKind::Text,
        "Below which topic devices announce themselves; `homeassistant` unless set.",
    ),
    Field::optional(
        "publish",
        FieldKind::Bool,
        "Whether the hub shows its other devices to whoever is at the broker, and takes commands for them; it doesn't unless set.",
    ),
    Field::optional(
        "publish_topic",
        FieldKind::Text,
        "One word, below which their states and commands are; `hearth` unless set. Each hub at a broker needs its own.",
    ),
];

/// Sound settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Host name or address.
    pub host: String,
    /// TCP port; 1883, or 8883 with TLS.
    pub port: u16,
    /// Whether to use TLS.
    pub tls: bool,
    /// The user name.
    pub username: Option<String>,
    /// The name of the secret that holds the password.
    pub password: Option<String>,
    /// Which certificate authority to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// A fixed client id.
    pub client_id: Option<String>,
    /// Where devices announce themselves.
    pub discovery_prefix: String,
    /// Below which topic the hub's other devices are shown, where they are.
    pub publish: Option<String>,
}

impl Settings {
    /// Reads settings that were checked against the adapter's fields.
    ///
    /// # Errors
    /// If a text is not what it should be, or two settings don't go together.
    pub fn read(table: &Table) -> Result<Self, SettingsError> {
        let (tls, host, port) = broker(table.text("broker").unwrap_or_default())?;
        let prefix = table.text("discovery_prefix").unwrap_or("homeassistant").trim_end_matches('/');
        if !is_topic(prefix) || prefix.starts_with('$') {
            return Err(SettingsError::new("discovery_prefix", "`discovery_prefix` takes a topic without `+` and `#`"));
        }
        let text = |name| table.text(name).map(str::to_owned);
        let settings = Self {
            host,
            port,
            tls,
            username: text("username"),
            password: table.secret("password").map(str::to_owned),
            ca_file: text("ca_file").map(PathBuf::from),
            client_id: text("client_id"),
            discovery_prefix: prefix.to_owned(),
            publish: publish(table)?,
        };
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        if self.password.is_some() && self.username.is_none() {
            return Err(SettingsError::new("password", "`password` needs a `username` beside it"));
        }
        if self.ca_file.is_some() && !self.tls {
            return Err(SettingsError::new("ca_file", "`ca_file` needs TLS: write `mqtts://` in `broker`"));
        }
        let sound_id = |id: &String| !id.is_empty() && id.len() <= 128 && !id.contains('\0');
        if !self.client_id.as_ref().is_none_or(sound_id) {
            return Err(SettingsError::new("client_id", "`client_id` takes 1 to 128 characters"));
        }
        Ok(())
    }
}

fn publish(table: &Table) -> Result<Option<String>, SettingsError> {
    let publishes = table.bool("publish").unwrap_or(false);
    let Some(topic) = table.text("publish_topic") else { return Ok(publishes.then(|| "hearth".to_owned())) };
    if !is_word(topic) {
        return Err(SettingsError::new(
            "publish_topic",
            "`publish_topic` takes one word of letters, digits, `_` and `-`, such as `hearth`",
        ));
    }
    if !publishes {
        return Err(SettingsError::new("publish_topic", "`publish_topic` needs `publish = true` beside it"));
    }
    Ok(Some(topic.to_owned()))
}

/// Scheme, host and port of a broker's URL.
fn broker(url: &str) -> Result<(bool, String, u16), SettingsError> {
    let wrong = |why: String| SettingsError::new("broker", format!("`broker` is `{url}`, but {why}"));
    let (scheme, rest) =
        url.split_once("://").ok_or_else(|| wrong(format!("it should begin with a scheme: `mqtt://{url}`")))?;
    let tls = match scheme {
        "mqtt" | "tcp" => false,
        "mqtts" | "ssl" | "tls" => true,
        _ => return Err(wrong("only `mqtt://` and `mqtts://` are known".into())),
    };
    if rest.contains('@') {
        return Err(wrong(
            "user and password don't stand in it: use `username` and `password = { secret = \"name\" }`".into(),
        ));
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, after)) => (address, after.strip_prefix(':')),
        None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c == '/') {
        return Err(wrong("it names no host".into()));
    }
    let default = if tls { 8883 } else { 1883 };
    let port = port.map_or(Ok(default), |port| port.parse().map_err(|_| wrong(format!("`{port}` is no port"))))?;
    Ok((tls, host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        let table = Table::check(toml::from_str(text).unwrap(), FIELDS).map_err(|error| error.to_string())?;
        Settings::read(&table).map_err(|error| error.to_string())
    }

    #[test]
    fn a_broker_is_named_by_its_url() {
        let of = |url: &str| read(&format!("broker = '{url}'")).map(|s| (s.tls, s.host, s.port));
        assert_eq!(of("mqtt://home.lan"), Ok((false, "home.lan".into(), 1883)));
        assert_eq!(of("mqtts://10.0.0.2:1234/"), Ok((true, "10.0.0.2".into(), 1234)));
        assert_eq!(of("mqtt://[::1]:1884"), Ok((false, "::1".into(), 1884)));
        for bad in ["home.lan", "http://x", "mqtt://", "mqtt://u:p@host", "mqtt://h:99999", "mqtt://a b"] {
            assert!(of(bad).unwrap_err().contains("`broker`"), "{bad}");
        }
    }

    #[test]
    fn the_home_is_shown_where_the_owner_says_so() {
        let publish = |more: &str| read(&format!("broker = 'mqtt://h'\n{more}")).unwrap().publish;
        assert_eq!(publish(""), None);
        assert_eq!(publish("publish = false"), None);
        assert_eq!(publish("publish = true").as_deref(), Some("hearth"));
        assert_eq!(publish("publish = true\npublish_topic = 'cabin'").as_deref(), Some("cabin"));
    }

    #[test]
    fn settings_that_do_not_go_together_are_errors_with_a_remedy() {
        assert!(read("broker = 'mqtt://h'\nca_file = 'ca.pem'").unwrap_err().contains("mqtts://"));
        assert!(read("broker = 'mqtt://h'\npassword = { secret = 'x' }").unwrap_err().contains("`username`"));
        assert!(read("broker = 'mqtt://h'\ndiscovery_prefix = '#'").unwrap_err().contains("discovery_prefix"));
        assert!(read("broker = 'mqtt://h'\npublish_topic = 'home'").unwrap_err().contains("`publish = true`"));
        assert!(read("broker = 'mqtt://h'\npublish = true\npublish_topic = 'a/b'").unwrap_err().contains("one word"));
        assert!(read("broker = 'mqtt://h'\nuser_name = 'x'").unwrap_err().contains("did you mean `username`"));
    }
}
