//! Where somebody means to be through a day. Pure: a day plan from a role, the kind of day and chance.

use crate::{house::Room, random::Random};

/// Where somebody is, and whether they sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Awake in a room.
    In(Room),
    /// Asleep in a room.
    Asleep(Room),
    /// Out of the house.
    Away,
}

/// What somebody does with their days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Works elsewhere the whole day.
    FullTime,
    /// Works elsewhere until the afternoon.
    PartTime,
    /// Goes to school, and to bed early.
    Child,
}

/// Places with the hour from which somebody is there, in order, beginning at 0.
pub(super) type Plan = Vec<(f64, Place)>;

use Place::{Asleep, Away, In};

/// The plan of a day.
pub(super) fn plan(role: Role, weekend: bool, random: &mut Random) -> Plan {
    let mut plan = vec![(0.0, Asleep(bed(role)))];
    if role != Role::Child && random.chance(0.3) {
        let hour = random.between(2.0, 4.5);
        plan.extend([(hour, In(Room::Bathroom)), (hour + 0.08, Asleep(bed(role)))]);
    }
    let wakes = if weekend { random.between(7.8, 9.2) } else { random.between(6.2, 6.8) };
    plan.extend([(wakes, In(Room::Bathroom)), (wakes + random.between(0.25, 0.45), In(Room::Kitchen))]);
    let ready = wakes + random.between(0.9, 1.2);
    if weekend {
        free_day(ready, role, random, &mut plan);
    } else {
        working_day(ready, role, random, &mut plan);
    }
    evening(role, random, &mut plan);
    plan
}

fn bed(role: Role) -> Room {
    if role == Role::Child { Room::Children } else { Room::Bedroom }
}

fn working_day(ready: f64, role: Role, random: &mut Random, plan: &mut Plan) {
    let back = match role {
        Role::FullTime => random.between(17.0, 17.9),
        Role::PartTime => random.between(14.3, 15.2),
        Role::Child => random.between(13.3, 13.8),
    };
    plan.extend([(ready, Away), (back, In(Room::Kitchen))]);
    match role {
        Role::FullTime => {}
        Role::PartTime => plan.extend([
            (back + 0.4, In(Room::Living)),
            (back + 1.2, In(Room::Garden)),
            (back + random.between(1.6, 2.0), In(Room::Kitchen)),
        ]),
        Role::Child => {
            plan.extend([
                (back + 0.5, In(Room::Children)),
                (back + 2.0, In(Room::Garden)),
                (back + random.between(2.5, 3.0), In(Room::Children)),
            ]);
        }
    }
}

fn free_day(ready: f64, role: Role, random: &mut Random, plan: &mut Plan) {
    let mut hour = ready + random.between(0.2, 0.6);
    plan.push((hour, In(if role == Role::Child { Room::Children } else { Room::Living })));
    hour += random.between(0.8, 1.4);
    if random.chance(0.6) {
        plan.push((hour, Away));
        hour += random.between(1.0, 2.0);
    }
    plan.push((hour.max(12.2), In(Room::Kitchen)));
    hour = hour.max(12.2) + random.between(0.7, 1.1);
    plan.push((hour, In(if random.chance(0.5) { Room::Garden } else { Room::Living })));
    hour += random.between(1.0, 2.0);
    plan.push((hour, In(if role == Role::Child { Room::Children } else { Room::Living })));
}

fn evening(role: Role, random: &mut Random, plan: &mut Plan) {
    let dinner = random.between(18.0, 18.4);
    plan.extend([(dinner, In(Room::Kitchen)), (dinner + random.between(0.6, 0.9), In(Room::Living))]);
    let night = match role {
        Role::Child => random.between(19.5, 20.0),
        _ => random.between(22.0, 23.0),
    };
    if role != Role::Child && random.chance(0.5) {
        let snack = random.between(20.3, 21.0);
        plan.extend([(snack, In(Room::Kitchen)), (snack + 0.15, In(Room::Living))]);
    }
    plan.extend([(night, In(Room::Bathroom)), (night + random.between(0.2, 0.4), Asleep(bed(role)))]);
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_plan_fills_its_day_in_order_and_ends_in_bed(seed: u64, weekend: bool) {
            for role in [Role::FullTime, Role::PartTime, Role::Child] {
                let plan = plan(role, weekend, &mut Random::new(seed, "plan"));
                proptest::prop_assert_eq!(plan[0].0, 0.0);
                proptest::prop_assert!(plan.windows(2).all(|pair| pair[0].0 < pair[1].0), "{:?}", plan);
                proptest::prop_assert!(plan.last().is_some_and(|(hour, last)| *hour < 24.0 && *last == Asleep(bed(role))));
            }
        }
    }
}
