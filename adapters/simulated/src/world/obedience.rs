//! Whatever is asked of whichever device, what it says afterwards fits what it offers.

use hub_model::{
    Actor, Cause, Color, CommandId, DeviceId, Endpoint, Invoke, PropertyOffer, Shape, Target, Value,
    capability::{Access, Kind},
};
use proptest::prelude::*;

use super::*;

/// A value of a shape, from a number between 0 and 1.
fn value_of(shape: &Shape, part: f64) -> Value {
    match shape {
        Shape::Bool => (part < 0.5).into(),
        Shape::Number(limits) => (limits.min + (limits.max - limits.min) * part).into(),
        Shape::Choice(words) => Value::text(words[(part * (words.len() - 1) as f64) as usize].clone()),
        Shape::Text(longest) => Value::text("é".repeat((*longest as f64 * part) as usize / 2)),
        Shape::Color => Color::new(360.0 * part, 100.0 * part).into(),
    }
}

fn command(endpoint: &Endpoint, offer: Option<&PropertyOffer>, invoke: Option<Invoke>, part: f64) -> Command {
    Command {
        id: CommandId::fresh(),
        key: None,
        target: Target { device: DeviceId::named("any"), endpoint: endpoint.id.clone() },
        set: offer.map(|offer| (offer.property.clone(), value_of(&offer.shape, part))).into_iter().collect(),
        invoke,
        transition: (part > 0.5).then(|| Duration::from_secs_f64(part * 20.0)),
        cause: Cause::root(Actor::Hub),
        deadline: Duration::from_secs(5),
    }
}

/// Everything that can be asked of an endpoint.
fn commands(endpoint: &Endpoint, part: f64) -> Vec<Command> {
    let settable = endpoint.properties.iter().filter(|offer| offer.access == Access::ReadWrite);
    let mut commands: Vec<Command> = settable.map(|offer| command(endpoint, Some(offer), None, part)).collect();
    for offer in &endpoint.actions {
        let known = offer.action.known().expect("the simulated home has no vendor's own actions");
        let mut invoke = Invoke::plain(known);
        let texts = |kind| matches!(kind, Kind::Text(_));
        for parameter in known.parameters.iter().filter(|parameter| parameter.required || part < 0.7) {
            let value = if texts(parameter.kind) && part < 0.4 {
                Value::text("1234")
            } else {
                value_of(&parameter.kind.into(), part)
            };
            invoke.arguments.insert(parameter.name.into(), value);
        }
        commands.push(command(endpoint, None, Some(invoke), part));
    }
    commands
}

fn fits(found: &[(DeviceKey, Found)], said: &[(DeviceKey, Said)]) -> Result<(), TestCaseError> {
    for (key, said) in said {
        let Said::Read(readings) = said else { continue };
        let (_, found) = found.iter().find(|(found, _)| found == key).expect("only known devices speak");
        for (endpoint, property, value) in readings {
            let endpoint =
                found.endpoints.iter().find(|known| known.id == *endpoint).expect("only known endpoints speak");
            let offer = endpoint.offer(property).expect("only known properties are reported");
            prop_assert!(offer.check(value).is_ok(), "{}: {:?}", key, offer.check(value));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_command_leaves_a_device_within_what_it_offers(seed: u64, parts in prop::collection::vec(0.0..=1.0, 4)) {
        let (mut world, found) = World::new(Recipe { seed, plain: 2, drop_off: false }, Moment(1.8e9));
        for part in parts {
            for (key, device) in &found {
                for command in device.endpoints.iter().flat_map(|endpoint| commands(endpoint, part)) {
                    let taken = world.command(key, &command);
                    let refused = matches!(taken, Err(Refusal(Outcome::Refused, _)));
                    prop_assert!(taken.is_ok() || refused, "{} {:?}: {:?}", key, command, taken);
                    fits(&found, &world.step(Duration::from_millis(700)))?;
                }
            }
            fits(&found, &world.step(Duration::from_secs(900)))?;
        }
    }
}
