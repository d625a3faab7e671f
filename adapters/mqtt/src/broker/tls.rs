//! Whom to trust as a broker.

use std::{path::Path, sync::Arc};

use rumqttc::TlsConfiguration;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use super::BrokerError;

/// TLS that trusts the authority in `ca_file` alone, or those of the system.
pub(super) fn configuration(ca_file: Option<&Path>) -> Result<TlsConfiguration, BrokerError> {
    let Some(path) = ca_file else {
        return TlsConfiguration::try_default_rustls().map_err(|error| BrokerError::NoRoots(error.to_string()));
    };
    let unusable = |reason: String| BrokerError::CaFile { path: path.into(), reason };
    let certificates: Vec<_> =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(|error| unusable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() {
        return Err(unusable("there is no certificate in it".into()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| BrokerError::Tls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConfiguration::Rustls(Arc::new(config)))
}
