//! What can be wrong with a broker, and what the owner can do about it.

use std::path::PathBuf;

use rumqttc::{ConnectReturnCode, ConnectionError};
use smol_str::SmolStr;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrokerError {
    /// The certificate authority's file cannot be read.
    #[error("`ca_file`: {path}: {reason}: the hub must be able to read a PEM file there")]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The system has no certificate authorities.
    #[error("this system's certificate authorities can't be read ({0}): name the broker's own in `ca_file`")]
    NoRoots(String),
    /// The broker's certificate is not trusted, or it speaks no TLS.
    #[error("TLS with the broker failed ({0}): check `ca_file`, the host name in `broker`, and the port")]
    Tls(String),
    /// The broker wants another user name or password.
    #[error("the broker refuses this user: check `username`, and set the password with `hub secret set`")]
    WrongUser,
    /// The broker speaks no MQTT 5.
    #[error("the broker speaks no MQTT 5: mosquitto does from version 1.6 on")]
    Protocol,
    /// The broker refuses for another reason.
    #[error("the broker refuses the connection ({0}): its log says more")]
    Refused(String),
    /// The broker cannot be reached.
    #[error("the broker can't be reached ({0}): check `broker`, and whether it runs")]
    Unreachable(String),
    /// The connection broke.
    #[error("the connection to the broker broke ({0})")]
    Broke(String),
    /// A message could not be handed over.
    #[error("the message to `{0}` was not sent: the connection is over")]
    NotSent(SmolStr),
}

impl From<ConnectionError> for BrokerError {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::ConnectionRefused(code) => refused(code),
            ConnectionError::Tls(error) => Self::Tls(error.to_string()),
            ConnectionError::Io(error) => match error.kind() {
                std::io::ErrorKind::InvalidData => Self::Tls(error.to_string()),
                _ => Self::Unreachable(error.to_string()),
            },
            ConnectionError::Timeout(_) => Self::Unreachable("it doesn't answer".into()),
            other => Self::Broke(other.to_string()),
        }
    }
}

fn refused(code: ConnectReturnCode) -> BrokerError {
    match code {
        ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized => BrokerError::WrongUser,
        ConnectReturnCode::UnsupportedProtocolVersion | ConnectReturnCode::RefusedProtocolVersion => {
            BrokerError::Protocol
        }
        other => BrokerError::Refused(format!("{other:?}")),
    }
}
