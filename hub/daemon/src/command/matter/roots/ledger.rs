//! The root certificates of a ledger: their list, and then each.

use serde::Deserialize;

use super::{super::ledger::get, Found};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Roots {
    approved_root_certificates: Named,
}

#[derive(Deserialize)]
struct Named {
    certs: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Name {
    subject: String,
    subject_key_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    approved_certificates: Certificates,
}

#[derive(Deserialize)]
struct Certificates {
    certs: Vec<Certificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Certificate {
    pem_cert: String,
}

/// Every root certificate that the ledger approves of.
pub(super) async fn fetch(url: &str) -> anyhow::Result<Vec<Found>> {
    let roots: Roots = get(url, "pki/root-certificates").await?;
    let mut found = Vec::new();
    for Name { subject, subject_key_id } in roots.approved_root_certificates.certs {
        let place = format!("pki/certificates/{}/{}", escaped(&subject), escaped(&subject_key_id));
        let whole: Whole = get(url, &place).await?;
        let certificates = whole.approved_certificates.certs.into_iter();
        found.extend(certificates.map(|one| Found { name: subject_key_id.clone(), bytes: one.pem_cert.into_bytes() }));
    }
    Ok(found)
}

/// A text as one segment of a path.
fn escaped(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
