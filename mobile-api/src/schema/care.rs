//! Looking after devices: sharing them with other ecosystems, and asking how they are. For admins.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use hub_model::{DeviceId, Role};

use crate::{asker::Asker, find};

/// How another ecosystem can take a device in as well.
#[derive(Debug, SimpleObject)]
struct Invitation {
    /// The code to type there.
    manual: String,
    /// The same as the text of a QR code.
    qr: Option<String>,
    /// For how many seconds it is good.
    seconds: u32,
}

/// An ecosystem that controls a device.
#[derive(Debug, SimpleObject)]
struct Ecosystem {
    /// For `removeEcosystem`.
    id: ID,
    /// What it calls itself, or whose it is.
    name: String,
    /// Whether it is this hub.
    is_this_hub: bool,
}

/// One thing that a device says of its own state.
#[derive(Debug, SimpleObject)]
struct Finding {
    /// What it is about.
    name: String,
    /// What the device says, with its unit.
    value: String,
}

/// How devices are.
#[derive(Debug, Default)]
pub(crate) struct CareQuery;

/// Sharing devices.
#[derive(Debug, Default)]
pub(crate) struct CareMutation;

#[Object]
impl CareQuery {
    /// The ecosystems that control a device, this hub among them. The device is asked.
    async fn ecosystems(&self, context: &Context<'_>, device: ID) -> Result<Vec<Ecosystem>, Error> {
        let (asker, device) = asked(context, &device)?;
        let found = asker.session.ecosystems(device).await?.into_iter();
        let ecosystem = |one: hub_core::Ecosystem| Ecosystem {
            id: one.id.as_str().into(),
            name: one.name,
            is_this_hub: one.is_this_hub,
        };
        Ok(found.map(ecosystem).collect())
    }

    /// What a device says of its own state, for who looks for a fault. The device is asked.
    async fn diagnostics(&self, context: &Context<'_>, device: ID) -> Result<Vec<Finding>, Error> {
        let (asker, device) = asked(context, &device)?;
        let found = asker.session.diagnose(device).await?.into_iter();
        Ok(found.map(|one| Finding { name: one.name.to_string(), value: one.value }).collect())
    }
}

#[Object]
impl CareMutation {
    /// Opens a device to one more ecosystem for a few minutes, and gives the code for it.
    async fn share(&self, context: &Context<'_>, device: ID) -> Result<Invitation, Error> {
        let (asker, device) = asked(context, &device)?;
        let hub_core::Invitation { manual, qr, seconds } = asker.session.share(device).await?;
        Ok(Invitation { manual, qr, seconds })
    }

    /// Takes a device away from another ecosystem, one of `ecosystems`.
    async fn remove_ecosystem(&self, context: &Context<'_>, device: ID, id: ID) -> Result<bool, Error> {
        let (asker, device) = asked(context, &device)?;
        asker.session.remove_ecosystem(device, id.as_str().into()).await?;
        Ok(true)
    }
}

fn asked<'c>(context: &'c Context<'_>, device: &ID) -> Result<(&'c Asker, DeviceId), Error> {
    let asker = Asker::of(context);
    asker.at_least(Role::Admin)?;
    Ok((asker, find::device(asker.view(), device)?.device.id))
}
