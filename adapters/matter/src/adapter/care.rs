//! Looking after nodes: letting them go, sharing them, asking how they are.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use adapter_api::{CareError, Ecosystem, Finding, Invitation};
use hub_model::{DeviceKey, Said};
use rand::RngExt as _;
use smol_str::{SmolStr, format_smolstr};

use super::{findings, house::House};
use crate::{
    link::{self, Ask, CallError, Invocation, NodeId},
    members::{self, Standing},
    setup_code::{self, Discriminator, SetupCode},
    utility::{BASIC, CREDENTIALS, PRODUCT_ID, ROOT, VENDOR_ID},
    vendors,
    wire::Tlv,
};

/// Administrator Commissioning (11.19).
const ADMINISTRATOR: u32 = 0x3C;
const OPEN_WINDOW: u32 = 0x00;
const REVOKE: u32 = 0x02;

/// Of Operational Credentials.
const FABRICS: u32 = 0x01;
const CURRENT_FABRIC: u32 = 0x05;
const LABEL_FABRIC: u32 = 0x09;
const REMOVE_FABRIC: u32 = 0x0A;

/// What the hub's fabric is called in the lists of other ecosystems.
const LABEL: &str = "Hearth";

/// How long a device stays open to others, in seconds; 180 to 900 may be asked for.
const WINDOW: u16 = 300;

/// How soon after its announcement the command to open must come.
const TIMED: Duration = Duration::from_secs(10);

/// How often a passcode is hashed, and with how much salt. The device repeats it at every try.
const ITERATIONS: u32 = 10_000;
const SALT: usize = 32;

impl House {
    /// Lets a node go. One that is away is told when it shows itself again.
    pub(super) async fn forget(self: &Arc<Self>, key: &DeviceKey) -> Result<(), CareError> {
        let Some(node) = members::node_of(key).filter(|node| self.members().standing(*node).is_some()) else {
            return Ok(());
        };
        if key.0.contains('/') {
            let why = "it is behind a bridge: remove it there, and it is gone here; or remove the bridge";
            return Err(CareError::Refused(why.into()));
        }
        self.set_standing(node, Some(Standing::Leaving)).await;
        let gone = self.nodes().remove(&node);
        // A bridge takes its children with it.
        let children = gone.iter().flat_map(|gone| gone.keys()).filter(|child| *child != key);
        self.report(children.map(|child| (child.clone(), Said::Gone)).collect()).await;
        // Whatever it says, the owner's word holds: it is no longer followed, and told until it has heard.
        tokio::spawn(Arc::clone(self).say_goodbye(node));
        Ok(())
    }

    /// Says goodbye again to nodes that did not hear it.
    pub(super) async fn say_goodbyes(self: &Arc<Self>) {
        let leaving = self.members().of(Standing::Leaving);
        let due = self.farewells().due(&leaving, Instant::now());
        for (node, sighting) in due {
            // It was forgotten when it did not hear.
            self.link.tell(Ask::Seen(node, sighting)).await;
            tokio::spawn(Arc::clone(self).say_goodbye(node));
        }
    }

    /// Tells a node that it is no longer a member, so that it can be added elsewhere.
    pub(super) async fn say_goodbye(self: Arc<Self>, node: NodeId) {
        if !self.farewells().begins(node) {
            return;
        }
        let removed = async {
            let index = self.read(node, CREDENTIALS, CURRENT_FABRIC).await?;
            self.invoke(node, CREDENTIALS, REMOVE_FABRIC, vec![(0, index)], None).await
        };
        match removed.await {
            Ok(_) => {
                self.link.tell(Ask::Unfollow(node)).await;
                self.set_standing(node, None).await;
                self.farewells().heard(node);
            }
            Err(error) => {
                self.link.tell(Ask::Unfollow(node)).await;
                self.farewells().unheard(node, Instant::now());
                tracing::info!(node, %error, "a Matter device that was removed is told again when it can be reached");
            }
        }
    }

    /// Tells a node what the hub's fabric is called. A device that can't take that works all the same.
    pub(super) async fn introduce(self: Arc<Self>, node: NodeId) {
        let label = vec![(0, Tlv::Text(LABEL.into()))];
        if let Err(error) = self.invoke(node, CREDENTIALS, LABEL_FABRIC, label, None).await {
            tracing::debug!(node, %error, "a device does not take the fabric's label");
        }
    }

    /// Opens a node to another ecosystem, with a code that is good only now.
    pub(super) async fn share(&self, key: &DeviceKey) -> Result<Invitation, CareError> {
        let node = self.node_of(key).ok_or(CareError::Unknown)?;
        let number = |value: Tlv| value.as_uint().and_then(|number| u16::try_from(number).ok()).unwrap_or(0);
        let product =
            (number(self.read(node, BASIC, VENDOR_ID).await?), number(self.read(node, BASIC, PRODUCT_ID).await?));
        let (code, discriminator, salt) = fresh_code(product);
        let passcode = code.passcode;
        let verifier = tokio::task::spawn_blocking(move || (link::verifier(passcode, &salt, ITERATIONS), salt));
        let (verifier, salt) = verifier.await.map_err(|error| CareError::Refused(error.to_string()))?;
        let fields = vec![
            (0, Tlv::Uint(WINDOW.into())),
            (1, Tlv::Bytes(verifier.map_err(CareError::Refused)?)),
            (2, Tlv::Uint(discriminator.into())),
            (3, Tlv::Uint(ITERATIONS.into())),
            (4, Tlv::Bytes(salt.to_vec())),
        ];
        // An earlier window, whose code nobody may know any more; most often there is none.
        let _ = self.invoke(node, ADMINISTRATOR, REVOKE, Vec::new(), Some(TIMED)).await;
        self.invoke(node, ADMINISTRATOR, OPEN_WINDOW, fields, Some(TIMED)).await?;
        Ok(Invitation { manual: code.manual(), qr: code.qr(), seconds: WINDOW.into() })
    }

    /// The fabrics that a node belongs to.
    pub(super) async fn ecosystems(&self, key: &DeviceKey) -> Result<Vec<Ecosystem>, CareError> {
        let node = self.node_of(key).ok_or(CareError::Unknown)?;
        let own = self.read(node, CREDENTIALS, CURRENT_FABRIC).await?.as_uint();
        let fabrics = self.read(node, CREDENTIALS, FABRICS).await?;
        Ok(fabrics.items().iter().filter_map(|fabric| ecosystem(fabric, own)).collect())
    }

    /// Takes a node away from another fabric.
    pub(super) async fn remove_ecosystem(&self, key: &DeviceKey, id: &str) -> Result<(), CareError> {
        let node = self.node_of(key).ok_or(CareError::Unknown)?;
        let index: u64 = id.parse().map_err(|_| CareError::Refused(format!("there is no ecosystem `{id}` on it")))?;
        if self.read(node, CREDENTIALS, CURRENT_FABRIC).await?.as_uint() == Some(index) {
            return Err(CareError::Refused("that is this hub: remove the device instead".into()));
        }
        let answer = self.invoke(node, CREDENTIALS, REMOVE_FABRIC, vec![(0, Tlv::Uint(index))], None).await?;
        match answer.field(0).and_then(Tlv::as_uint) {
            Some(0) => Ok(()),
            _ => Err(CareError::Refused(format!("there is no ecosystem `{id}` on it"))),
        }
    }

    /// What a node says of its own state.
    pub(super) async fn diagnose(&self, key: &DeviceKey) -> Result<Vec<Finding>, CareError> {
        let node = self.node_of(key).ok_or(CareError::Unknown)?;
        let mut reports = Vec::new();
        for cluster in findings::CLUSTERS {
            let read = self.link.ask(|answer| Ask::Read(node, (Some(ROOT), Some(*cluster), None), answer)).await;
            match read.ok_or(CareError::Unknown)? {
                Ok(gathered) => reports.extend(gathered.attributes),
                // Which of them a device has depends on its radio.
                Err(CallError::Refused { .. }) => {}
                Err(error) => return Err(care(error)),
            }
        }
        Ok(findings::of(&reports))
    }

    pub(super) async fn read(&self, node: NodeId, cluster: u32, attribute: u32) -> Result<Tlv, CareError> {
        let which = (Some(ROOT), Some(cluster), Some(attribute));
        let read = self.link.ask(|answer| Ask::Read(node, which, answer)).await.ok_or(CareError::Unknown)?;
        let first = read.map_err(care)?.attributes.into_iter().next();
        first.map(|report| report.value).ok_or(CareError::Unsupported)
    }

    pub(super) async fn invoke(
        &self,
        node: NodeId,
        cluster: u32,
        command: u32,
        fields: Vec<(u8, Tlv)>,
        timed: Option<Duration>,
    ) -> Result<Tlv, CareError> {
        let invocation = Invocation { path: (ROOT, cluster, command), fields: Tlv::Struct(fields), timed };
        let invoked = self.link.ask(|answer| Ask::Invoke(node, invocation, answer)).await;
        invoked.ok_or(CareError::Unknown)?.map_err(care)
    }
}

fn fresh_code(product: (u16, u16)) -> (SetupCode, u16, [u8; SALT]) {
    let mut random = rand::rng();
    let discriminator = random.random_range(0..1 << 12);
    let passcode = loop {
        let passcode = random.random_range(1..=99_999_998);
        if setup_code::is_allowed(passcode) {
            break passcode;
        }
    };
    let code = SetupCode { passcode, discriminator: Discriminator::Long(discriminator), product: Some(product) };
    (code, discriminator, random.random())
}

/// One entry of the list of fabrics.
fn ecosystem(fabric: &Tlv, own: Option<u64>) -> Option<Ecosystem> {
    let index = fabric.field(254)?.as_uint()?;
    let vendor = fabric.field(2).and_then(Tlv::as_uint).and_then(|number| u16::try_from(number).ok());
    let label = fabric.field(5).and_then(Tlv::as_text).filter(|label| !label.is_empty());
    let is_this_hub = own == Some(index);
    let name = match (is_this_hub, label, vendor) {
        (true, ..) => "this hub".to_owned(),
        (_, Some(label), Some(vendor)) => format!("{label} ({})", vendors::name(vendor)),
        (_, Some(label), None) => label.to_owned(),
        (_, None, Some(vendor)) => vendors::name(vendor).to_string(),
        (_, None, None) => format!("fabric {index}"),
    };
    Some(Ecosystem { id: id(index), name, is_this_hub })
}

fn id(index: u64) -> SmolStr {
    format_smolstr!("{index}")
}

pub(super) fn care(error: CallError) -> CareError {
    match error {
        CallError::Unreachable(why) => CareError::Unreachable(why),
        other => CareError::Refused(other.to_string()),
    }
}
