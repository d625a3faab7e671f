//! TLS: the owner's certificate, or one from an authority that the hub makes at its first start.

mod authority;

use std::{path::Path, sync::Arc};

use anyhow::{Context, ensure};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use crate::{config::Protection, folder::Folder};

/// What the listener needs; `None` for plain connections.
pub(crate) fn server(protection: &Protection, folder: &Folder) -> anyhow::Result<Option<Arc<ServerConfig>>> {
    let (chain, key) = match protection {
        Protection::Plain => return Ok(None),
        Protection::Local => authority::issue(&folder.tls()).context("the hub's own certificate")?,
        Protection::Files { cert, key } => (read_chain(cert)?, read_key(key)?),
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("the certificate and the key of the settings don't fit")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(Arc::new(config)))
}

/// What a client needs to trust a hub whose authority is in `authority`, PEM.
pub(crate) fn client(authority: &Path) -> anyhow::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    for cert in read_chain(authority)? {
        roots.add(cert).with_context(|| format!("{} holds no authority's certificate", authority.display()))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn read_chain(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let certs = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certs = certs.with_context(|| format!("no certificate can be read from {}", path.display()))?;
    ensure!(!certs.is_empty(), "there is no certificate in {}: a PEM file is wanted", path.display());
    Ok(certs)
}

fn read_key(path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_file(path).with_context(|| format!("no key can be read from {}", path.display()))
}
