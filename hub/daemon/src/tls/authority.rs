//! The hub's own authority: made once and kept in the data folder, so that phones trust it once. The hub's certificate
//! is made anew at every start, with the names and addresses of that day, and is never stored.

use std::{
    fs,
    io::{self, Write},
    net::{IpAddr, UdpSocket},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::Context;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::folder::make_private;

/// The longest that phones accept of a certificate whose authority the owner added: 825 days.
const DAYS: i32 = 820;
/// A board without a battery wakes in 1970; no certificate of ours begins before the program was written.
const EARLIEST: Date = Date::constant(2026, 1, 1);

/// A certificate chain and its key for this start, from the authority in `folder`, which is made where it is missing.
pub(crate) fn issue(folder: &Path) -> anyhow::Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let key = authority_key(folder)?;
    let authority = Issuer::new(authority_params(&key), key);
    let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date().max(EARLIEST);
    let on = |date: Date| date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs());
    let mut params = CertificateParams::new(names())?;
    params.distinguished_name = name("Hearth hub");
    params.not_before = on(today.saturating_sub(1.day()));
    params.not_after = on(today.saturating_add(DAYS.days()));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf_key = KeyPair::generate()?;
    let leaf = params.signed_by(&leaf_key, &authority)?;
    Ok((vec![leaf.der().clone()], PrivatePkcs8KeyDer::from(leaf_key.serialize_der()).into()))
}

fn authority_key(folder: &Path) -> anyhow::Result<KeyPair> {
    let path = folder.join("ca-key.pem");
    match fs::read_to_string(&path) {
        Ok(pem) => KeyPair::from_pem(&pem).with_context(|| format!("{} is not a key", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_private(folder)?;
            let key = KeyPair::generate()?;
            let cert = authority_params(&key).self_signed(&key)?;
            // The certificate first: a key without it would never be shown to anybody.
            fs::write(folder.join("ca.pem"), cert.pem())?;
            let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(key.serialize_pem().as_bytes())?;
            file.sync_all()?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

/// The same for the same key, so that the certificate need not be read back. Two hubs have two names.
fn authority_params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    let tail: String = key.public_key_raw().iter().rev().take(3).map(|byte| format!("{byte:02x}")).collect();
    params.distinguished_name = name(&format!("Hearth home {tail}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2056, 1, 1);
    params
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// The names and addresses under which phones reach this machine.
fn names() -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    if let Ok(host) = fs::read_to_string("/proc/sys/kernel/hostname") {
        let host = host.trim().to_ascii_lowercase();
        names.extend([format!("{host}.local"), host].into_iter().filter(|name| name.is_ascii() && !name.is_empty()));
    }
    names.extend(["192.0.2.1:9", "[2001:db8::1]:9"].into_iter().filter_map(own_address).map(|ip| ip.to_string()));
    names
}

/// The address that this machine would use towards another. Nothing is sent: connecting a UDP socket only picks a route.
fn own_address(towards: &str) -> Option<IpAddr> {
    let socket = UdpSocket::bind(if towards.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" }).ok()?;
    socket.connect(towards).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_authority_is_made_once_and_signs_each_start() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("tls");
        let first = issue(&folder).unwrap();
        let authority = fs::read(folder.join("ca.pem")).unwrap();
        let second = issue(&folder).unwrap();
        assert_ne!(first.0, second.0);
        assert_eq!(authority, fs::read(folder.join("ca.pem")).unwrap());
        assert_eq!(fs::metadata(folder.join("ca-key.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
