//! Whose certificates are trusted, and which firmware there is: from a folder, and from a double of the public ledger.

use std::fs;

use home_tests::{MatterDevice, Network, TestHome, in_own_network, in_time};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, KeyUsagePurpose};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A maker's root certificate, as PEM.
fn root(name: &str) -> String {
    let mut root = CertificateParams::default();
    root.distinguished_name = rcgen::DistinguishedName::new();
    root.distinguished_name.push(DnType::CommonName, name);
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().expect("a key can be made");
    root.self_signed(&key).expect("a certificate can be made").pem()
}

fn kept(home: &TestHome) -> usize {
    fs::read_dir(home.data().join("matter-roots")).map_or(0, Iterator::count)
}

#[tokio::test]
async fn roots_of_a_folder_are_kept_and_what_is_none_is_named() {
    let home = TestHome::plan().start().await;
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    fs::write(folder.path().join("maker.pem"), root("Lamps PAA")).expect("it can be written");
    fs::write(folder.path().join("broken.pem"), "-----BEGIN CERTIFICATE-----\n!\n").expect("it can be written");
    fs::write(folder.path().join("other.der"), [0x30, 3, 2, 1, 1]).expect("it can be written");
    let said = home.hub(["matter", "roots", &folder.path().to_string_lossy()]).await;
    assert!(said.good(), "{said:?}");
    assert!(said.out.contains("1 root certificates") && said.out.contains("2 were left out"), "{said:?}");
    assert!(said.err.contains("broken.pem") && said.err.contains("other.der"), "{said:?}");
    assert_eq!(kept(&home), 1);
}

#[tokio::test]
async fn roots_are_fetched_from_a_ledger() {
    let home = TestHome::plan().start().await;
    let ledger = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", ledger.local_addr().expect("it has an address"));
    let pem = root("Plugs PAA");
    let answers = [
        (
            "pki/root-certificates",
            json!({ "approvedRootCertificates": { "schemaVersion": 0, "certs": [{ "subject": "MBQx+/=", "subjectKeyId": "AB:CD" }] } }),
        ),
        (
            "pki/certificates/MBQx%2B%2F%3D/AB%3ACD",
            json!({ "approvedCertificates": { "subject": "MBQx+/=", "certs": [{ "pemCert": pem, "isRoot": true }] } }),
        ),
    ];
    let answers = tokio::spawn(answer(ledger, answers.into()));
    let said = home.hub(["matter", "roots", "--ledger", &url]).await;
    assert!(said.good(), "{said:?}");
    in_time("two questions", answers).await.expect("the ledger is asked twice");
    assert_eq!(kept(&home), 1);
    let nowhere = home.hub(["matter", "roots", "--ledger", &format!("{url}x")]).await;
    assert!(!nowhere.good() && nowhere.err.contains("ledger"), "{nowhere:?}");
}

#[test]
fn firmware_that_is_published_since_is_shown_beside_what_is_installed() {
    in_own_network(Network::Loopback, async {
        let lamp = MatterDevice::start("light", 5540, &["label=Lamp"]).await;
        let home = TestHome::plan().matter().start().await;
        home.add(&lamp.qr).await;
        let ledger = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}", ledger.local_addr().expect("it has an address"));
        // Its firmware has the number 0. The newest was taken back.
        let version = |text: &str, valid: bool| json!({ "modelVersion": { "softwareVersionString": text, "softwareVersionValid": valid } });
        let answers = [
            ("model/versions/65521/32768", json!({ "modelVersions": { "softwareVersions": [0, 30, 20] } })),
            ("model/versions/65521/32768/30", version("3.0", false)),
            ("model/versions/65521/32768/20", version("2.0", true)),
        ];
        let answers = tokio::spawn(answer(ledger, answers.into()));
        let said = home.hub(["matter", "firmware", "--ledger", &url]).await;
        assert!(said.good() && said.out.contains("lamp") && said.out.contains("2.0"), "{said:?}");
        in_time("three questions", answers).await.expect("the ledger is asked");
    });
}

/// Answers so many questions as the ledger of the Connectivity Standards Alliance does.
async fn answer(ledger: TcpListener, answers: Vec<(&'static str, Value)>) {
    for (path, body) in answers {
        let (mut stream, _) = ledger.accept().await.expect("the hub asks");
        let mut asked = vec![0; 4096];
        let length = stream.read(&mut asked).await.expect("the question can be read");
        let asked = String::from_utf8_lossy(&asked[..length]).into_owned();
        assert!(asked.starts_with(&format!("GET /dcl/{path} ")), "{asked}");
        let body = body.to_string();
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).await.expect("the answer can be written");
    }
}
