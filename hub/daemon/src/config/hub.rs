//! The `[hub]` table: the settings of the hub itself.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use adapter_api::{Field, FieldKind, Settings, SettingsError};

use crate::logging;

/// The table's name.
pub(crate) const NAME: &str = "hub";

/// Where the hub listens when nobody says otherwise: this machine alone.
const USUAL_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);

/// What can be set.
pub(crate) const FIELDS: &[Field] = &[
    Field::optional("listen", FieldKind::Text, "The address and port for phones; 127.0.0.1:8480 if not set."),
    Field::optional("data", FieldKind::File, "The data folder, when the command line names none."),
    Field::optional("log", FieldKind::Text, "What is logged: a level (info), or targets with levels."),
    Field::optional("tls", FieldKind::Text, "`local`: the hub makes an authority and a certificate of its own."),
    Field::optional("tls_cert", FieldKind::File, "Your own certificate with its chain, PEM."),
    Field::optional("tls_key", FieldKind::File, "The key of your own certificate, PEM."),
    Field::optional("insecure_listen", FieldKind::Bool, "Allows listening beyond this machine without TLS."),
];

/// The settings of the hub itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HubSettings {
    /// Where phones are answered.
    pub(crate) listen: SocketAddr,
    /// The data folder.
    pub(crate) data: Option<PathBuf>,
    /// What is logged.
    pub(crate) log: String,
    /// How connections are protected.
    pub(crate) protection: Protection,
    /// Whether the owner accepts that others on the network can read along.
    pub(crate) insecure_listen: bool,
}

/// How connections are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Protection {
    /// Not at all; for this machine alone, or behind a proxy.
    Plain,
    /// TLS with a certificate that the hub makes.
    Local,
    /// TLS with the owner's certificate and key.
    Files {
        /// The certificate and its chain.
        cert: PathBuf,
        /// Its key.
        key: PathBuf,
    },
}

impl Default for HubSettings {
    fn default() -> Self {
        Self {
            listen: USUAL_LISTEN,
            data: None,
            log: logging::USUAL.into(),
            protection: Protection::Plain,
            insecure_listen: false,
        }
    }
}

impl HubSettings {
    /// Reads a table that was checked against [`FIELDS`].
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let usual = Self::default();
        Ok(Self {
            listen: settings.text("listen").map_or(Ok(usual.listen), parse_listen)?,
            data: settings.text("data").map(PathBuf::from),
            log: settings.text("log").map_or(usual.log, str::to_owned),
            protection: Protection::from_settings(settings)?,
            insecure_listen: settings.bool("insecure_listen").unwrap_or(false),
        })
    }
}

impl Protection {
    fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let wrong = |key: &str, problem: &str| Err(SettingsError::new(key, problem));
        match (settings.text("tls"), settings.text("tls_cert"), settings.text("tls_key")) {
            (None, None, None) => Ok(Self::Plain),
            (None, Some(cert), Some(key)) => Ok(Self::Files { cert: cert.into(), key: key.into() }),
            (None, Some(_), None) => wrong("tls_cert", "`tls_cert` needs `tls_key` beside it"),
            (None, None, Some(_)) => wrong("tls_key", "`tls_key` needs `tls_cert` beside it"),
            (Some("local"), None, None) => Ok(Self::Local),
            (Some("local"), ..) => wrong("tls", "either `tls = \"local\"` or `tls_cert` and `tls_key`, not both"),
            (Some(_), ..) => wrong("tls", "`tls` takes \"local\"; a certificate of your own is set by `tls_cert`"),
        }
    }
}

fn parse_listen(text: &str) -> Result<SocketAddr, SettingsError> {
    text.parse().map_err(|_| {
        SettingsError::new("listen", format!("`{text}` is not an address and port such as 127.0.0.1:8480 or [::]:8480"))
    })
}
