//! The commands that a commissioning is made of, each with the meaning of its answer.

use rs_matter::transport::{exchange::Exchange, network::Address};

use super::{CommissionError, NodeId, Stack};
use crate::{
    link::{
        Authority, CallError,
        attestation::{self, Evidence, Trust},
        authority::VENDOR,
        talk,
    },
    utility::{BASIC, CREDENTIALS, PRODUCT_ID, ROOT, VENDOR_ID},
    wire::Tlv,
};

/// General Commissioning (11.10).
const GENERAL: u32 = 0x30;
const ARM_FAIL_SAFE: u32 = 0x00;
const SET_REGULATORY_CONFIG: u32 = 0x02;
const COMMISSIONING_COMPLETE: u32 = 0x04;
const LOCATION_CAPABILITY: u32 = 0x03;

/// Of Operational Credentials.
const ATTESTATION_REQUEST: u32 = 0x00;
const CERTIFICATE_CHAIN_REQUEST: u32 = 0x02;
const CSR_REQUEST: u32 = 0x04;
const ADD_NOC: u32 = 0x06;
const ADD_TRUSTED_ROOT: u32 = 0x0B;

/// What CertificateChainRequest is asked for.
const DEVICE_CERTIFICATE: u64 = 1;
const INTERMEDIATE_CERTIFICATE: u64 = 2;

/// "The fail-safe is not armed": to CommissioningComplete, the sign that it was complete before.
const NO_FAIL_SAFE: u64 = 3;

/// A device that waits, over its secure channel.
pub(super) struct Steps<'s> {
    stack: &'s Stack<'s>,
    address: Address,
    passcode: u32,
}

impl<'s> Steps<'s> {
    pub(super) const fn new(stack: &'s Stack<'s>, address: Address, passcode: u32) -> Self {
        Self { stack, address, passcode }
    }

    /// Tells the device within how many seconds it must hear more, or else forget; none is at once.
    pub(super) async fn arm_fail_safe(&self, seconds: u16) -> Result<(), CommissionError> {
        let fields = Tlv::Struct(vec![(0, Tlv::Uint(seconds.into())), (1, Tlv::Uint(0))]);
        let answer = self.invoke(GENERAL, ARM_FAIL_SAFE, fields).await?;
        succeeded("prepare", &answer, 1)
    }

    /// Tells the device where it may be used. Only radios care, and each is content with what it can do.
    pub(super) async fn regulate(&self) {
        let Ok(capability) = self.read(GENERAL, LOCATION_CAPABILITY).await else { return };
        let location = capability.as_uint().unwrap_or(2);
        let fields = Tlv::Struct(vec![(0, Tlv::Uint(location)), (1, Tlv::text("XX")), (2, Tlv::Uint(0))]);
        if let Err(error) = self.invoke(GENERAL, SET_REGULATORY_CONFIG, fields).await {
            tracing::debug!(%error, "the device takes no location");
        }
    }

    /// What the device has to show for itself.
    pub(super) async fn evidence(&self, nonce: [u8; 32], challenge: [u8; 16]) -> Result<Evidence, CommissionError> {
        let product = (self.number(VENDOR_ID).await?, self.number(PRODUCT_ID).await?);
        let device = self.certificate(DEVICE_CERTIFICATE).await?;
        let intermediate = self.certificate(INTERMEDIATE_CERTIFICATE).await?;
        let answer = self.invoke(CREDENTIALS, ATTESTATION_REQUEST, nonce_field(&nonce)).await?;
        let (elements, signature) = signed(&answer)?;
        Ok(Evidence { product, device, intermediate, elements, signature, nonce, challenge })
    }

    /// The device's request for a certificate; from a device that has proven what it is, signed by the same key.
    pub(super) async fn certificate_request(
        &self,
        nonce: &[u8; 32],
        evidence: &Evidence,
        trust: Trust,
    ) -> Result<Vec<u8>, CommissionError> {
        let answer = self.invoke(CREDENTIALS, CSR_REQUEST, nonce_field(nonce)).await?;
        let (elements, signature) = signed(&answer)?;
        attestation::certificate_request(&elements, &signature, nonce, evidence, trust, self.stack.crypto)
            .map_err(|doubt| refused("ask for a certificate", doubt))
    }

    /// Makes the hub's root known to the device.
    pub(super) async fn add_root(&self, certificate: &[u8]) -> Result<(), CommissionError> {
        let fields = Tlv::Struct(vec![(0, Tlv::Bytes(certificate.to_vec()))]);
        self.invoke(CREDENTIALS, ADD_TRUSTED_ROOT, fields).await.map(drop)
    }

    /// Gives the device its certificate.
    pub(super) async fn add_certificate(
        &self,
        authority: &Authority,
        certificate: &[u8],
    ) -> Result<(), CommissionError> {
        let fields = Tlv::Struct(vec![
            (0, Tlv::Bytes(certificate.to_vec())),
            (1, Tlv::Bytes(authority.intermediate_certificate().to_vec())),
            (2, Tlv::Bytes(authority.identity_protection_key().to_vec())),
            (3, Tlv::Uint(authority.administrator())),
            (4, Tlv::Uint(VENDOR.into())),
        ]);
        let answer = self.invoke(CREDENTIALS, ADD_NOC, fields).await?;
        let reason = match answer.field(0).and_then(Tlv::as_uint) {
            Some(0) => return Ok(()),
            Some(5) => "it belongs to as many ecosystems as it can; remove it from one of them".to_owned(),
            Some(9) => "it already belongs to this hub".to_owned(),
            code => format!("code {code:?}"),
        };
        Err(CommissionError::Refused { step: "take its certificate", reason })
    }

    async fn certificate(&self, which: u64) -> Result<Vec<u8>, CommissionError> {
        let fields = Tlv::Struct(vec![(0, Tlv::Uint(which))]);
        let answer = self.invoke(CREDENTIALS, CERTIFICATE_CHAIN_REQUEST, fields).await?;
        bytes(&answer, 0).map(<[u8]>::to_vec)
    }

    async fn number(&self, attribute: u32) -> Result<u16, CommissionError> {
        let value = self.read(BASIC, attribute).await?;
        let number = value.as_uint().and_then(|number| u16::try_from(number).ok());
        number.ok_or_else(|| CallError::Malformed(format!("attribute {attribute} of its description")).into())
    }

    async fn read(&self, cluster: u32, attribute: u32) -> Result<Tlv, CommissionError> {
        let gathered = talk::read(self.open().await?, (Some(ROOT), Some(cluster), Some(attribute))).await?;
        let first = gathered.attributes.into_iter().next();
        first.map(|report| report.value).ok_or_else(|| CallError::Malformed("it is empty".into()).into())
    }

    async fn invoke(&self, cluster: u32, command: u32, fields: Tlv) -> Result<Tlv, CommissionError> {
        Ok(talk::invoke(self.open().await?, (ROOT, cluster, command), &fields, None).await?)
    }

    async fn open(&self) -> Result<Exchange<'s>, CallError> {
        Ok(Exchange::initiate_pase(self.stack.matter, self.stack.crypto, self.address, self.passcode).await?)
    }
}

/// The last step, over the node's own session: from here on the device remembers.
pub(super) async fn complete(stack: &Stack<'_>, node: NodeId) -> Result<(), CommissionError> {
    let exchange = stack.open(node).await?;
    let fields = Tlv::Struct(Vec::new());
    let answer = talk::invoke(exchange, (ROOT, GENERAL, COMMISSIONING_COMPLETE), &fields, None).await?;
    // A hub that ended before it noted the answer asks again.
    if answer.field(0).and_then(Tlv::as_uint) == Some(NO_FAIL_SAFE) {
        return Ok(());
    }
    succeeded("complete", &answer, 1)
}

fn nonce_field(nonce: &[u8; 32]) -> Tlv {
    Tlv::Struct(vec![(0, Tlv::Bytes(nonce.to_vec()))])
}

fn signed(answer: &Tlv) -> Result<(Vec<u8>, Vec<u8>), CommissionError> {
    Ok((bytes(answer, 0)?.to_vec(), bytes(answer, 1)?.to_vec()))
}

fn bytes(answer: &Tlv, field: u8) -> Result<&[u8], CommissionError> {
    let bytes = answer.field(field).and_then(Tlv::as_bytes);
    bytes.ok_or_else(|| CallError::Malformed(format!("field {field} is missing")).into())
}

/// The answers of General Commissioning begin with a code, and may explain it.
fn succeeded(step: &'static str, answer: &Tlv, text: u8) -> Result<(), CommissionError> {
    let code = answer.field(0).and_then(Tlv::as_uint);
    if code == Some(0) {
        return Ok(());
    }
    let explained = answer.field(text).and_then(Tlv::as_text).filter(|text| !text.is_empty());
    let reason = match (code, explained) {
        (_, Some(text)) => text.to_owned(),
        (Some(4), None) => "it is being set up by somebody else just now; try again in a minute".to_owned(),
        (code, None) => format!("code {code:?}"),
    };
    Err(CommissionError::Refused { step, reason })
}

fn refused(step: &'static str, reason: impl ToString) -> CommissionError {
    CommissionError::Refused { step, reason: reason.to_string() }
}
