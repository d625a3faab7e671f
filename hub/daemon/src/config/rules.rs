//! The `[rules]` table: what rules may reach outside of the home.

use adapter_api::{Field, FieldKind, Settings, SettingsError};
use hub_model::handle::slug;

/// The table's name.
pub(crate) const NAME: &str = "rules";

/// What can be set.
pub(crate) const FIELDS: &[Field] = &[
    Field::optional(
        "http_hosts",
        FieldKind::Text,
        "Hosts that rules may call, with commas between them: `example.org, 192.168.1.5:8080`; none if not set.",
    ),
    Field::optional(
        "calendars",
        FieldKind::Text,
        "Calendars on servers, each a name and an address, with commas between them; their hosts stand in `http_hosts`.",
    ),
];

/// What rules may reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RuleSettings {
    /// Hosts that they may call.
    pub(crate) http_hosts: Vec<String>,
    /// Calendars, by their names.
    pub(crate) calendar_urls: Vec<(String, String)>,
}

impl RuleSettings {
    /// Reads a table that was checked against [`FIELDS`].
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let list = |name| settings.text(name).into_iter().flat_map(|text| text.split(',')).map(str::trim);
        let hosts = list("http_hosts").filter(|host| !host.is_empty()).map(host).collect::<Result<_, _>>()?;
        let calendars = list("calendars").filter(|text| !text.is_empty()).map(calendar).collect::<Result<_, _>>()?;
        Ok(Self { http_hosts: hosts, calendar_urls: calendars })
    }
}

fn host(text: &str) -> Result<String, SettingsError> {
    if text.contains(['/', ' ', '*', '@']) {
        let problem =
            format!("`{text}` is no host: write a name or an address, such as example.org or 192.168.1.5:8080");
        return Err(SettingsError::new("http_hosts", problem));
    }
    Ok(text.to_owned())
}

fn calendar(text: &str) -> Result<(String, String), SettingsError> {
    let parts: Vec<_> = text.split_whitespace().collect();
    match parts[..] {
        [name, url] if name == slug(name) && (url.starts_with("https://") || url.starts_with("http://")) => {
            Ok((name.to_owned(), url.to_owned()))
        }
        _ => {
            let example = "a name of a-z, 0-9 and `-` and an address, such as holidays https://example.org/de.ics";
            Err(SettingsError::new("calendars", format!("`{text}` is not {example}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RuleSettings, String> {
        let settings = Settings::check(toml::from_str(text).unwrap(), FIELDS).map_err(|error| error.to_string())?;
        RuleSettings::from_settings(&settings).map_err(|error| error.to_string())
    }

    #[test]
    fn hosts_and_calendars_are_lists() {
        let read = read("http_hosts = 'a.org, [::1]:80 ,'\ncalendars = 'bins https://a.org/b.ics'").unwrap();
        assert_eq!(read.http_hosts, ["a.org", "[::1]:80"]);
        assert_eq!(read.calendar_urls, [("bins".to_owned(), "https://a.org/b.ics".to_owned())]);
    }

    #[test]
    fn what_is_no_host_or_calendar_is_named_with_a_remedy() {
        assert!(read("http_hosts = 'https://a.org'").unwrap_err().contains("such as example.org"));
        assert!(read("calendars = 'https://a.org'").unwrap_err().contains("such as holidays"));
    }
}
