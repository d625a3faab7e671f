//! The people of the house: they follow their day's plan, move about, and lay hands on doors, lamps and buttons. They
//! know devices by the names that are written on them, and never touch the bench lamp.

mod habits;
mod plan;

use plan::{Place, Plan, Role};

use crate::{
    house::{Hand, House, Room},
    moment::Moment,
    random::Random,
};

/// Everybody who lives here, and visitors at the door.
#[derive(Debug)]
pub(crate) struct People {
    people: Vec<Person>,
    visitors: Random,
}

#[derive(Debug)]
struct Person {
    /// The key of their telephone; a child has none.
    telephone: Option<&'static str>,
    role: Role,
    place: Place,
    plan: Plan,
    /// How far the plan is done.
    done: usize,
    /// The day that the plan is for.
    day: i64,
    random: Random,
}

impl People {
    /// The people of a seed, each where their plan has them by now.
    pub(crate) fn new(seed: u64, house: &mut House) -> Self {
        let who = [(Some("alex"), Role::FullTime), (Some("robin"), Role::PartTime), (None, Role::Child)];
        let mut people: Vec<Person> = who
            .into_iter()
            .enumerate()
            .map(|(index, (telephone, role))| Person::new(telephone, role, Random::new(seed, PERSON_STREAMS[index])))
            .collect();
        for person in &mut people {
            person.begin(house);
        }
        Self { people, visitors: Random::new(seed, "visitors") }
    }

    /// Lets everybody live through the house's step.
    pub(crate) fn live(&mut self, house: &mut House) {
        for index in 0..self.people.len() {
            while let Some(place) = self.people[index].next_place(house.now) {
                self.go(index, place, house);
            }
            self.people[index].stir(house);
        }
        // Somebody rings about once in a day of 13 hours.
        if (8.0..21.0).contains(&house.now.hour()) && self.visitors.happens(house.dt, 13.0 * 3600.0) {
            house.act("doorbell", Hand::Press(&hub_model::capability::doorbell::RING));
        }
    }

    fn go(&mut self, index: usize, to: Place, house: &mut House) {
        let from = std::mem::replace(&mut self.people[index].place, to);
        leave(from, house);
        arrive(to, house);
        let somebody_home = self.people.iter().any(|person| person.place != Place::Away);
        let person = &mut self.people[index];
        habits::doors(from, to, somebody_home, house);
        if let Some(telephone) = person.telephone
            && (from == Place::Away) != (to == Place::Away)
        {
            house.act_in(5.0, telephone, Hand::Home(to != Place::Away));
        }
        habits::leaving(from, house, &mut person.random);
        habits::entering(to, from, house, &mut person.random);
    }
}

/// The streams of chance of the people.
const PERSON_STREAMS: [&str; 3] = ["alex", "robin", "child"];

fn leave(from: Place, house: &mut House) {
    if let Place::In(room) | Place::Asleep(room) = from {
        house[room].people = house[room].people.saturating_sub(1);
        house[room].moved = house.now;
        if room != Room::Garden {
            house[Room::Hall].moved = house.now;
        }
    }
}

fn arrive(to: Place, house: &mut House) {
    if let Place::In(room) | Place::Asleep(room) = to {
        house[room].people += 1;
        house[room].moved = house.now;
    }
}

impl Person {
    fn new(telephone: Option<&'static str>, role: Role, random: Random) -> Self {
        Self { telephone, role, place: Place::Away, plan: Vec::new(), done: 0, day: i64::MIN, random }
    }

    /// Is where the plan has them at the start, as if they had always been there.
    fn begin(&mut self, house: &mut House) {
        while let Some(place) = self.next_place(house.now) {
            self.place = place;
        }
        arrive(self.place, house);
        if let Some(telephone) = self.telephone {
            house.act(telephone, Hand::Home(self.place != Place::Away));
        }
    }

    /// Where the plan has them go by now, if they are not there.
    fn next_place(&mut self, now: Moment) -> Option<Place> {
        if self.day != now.day() {
            self.plan = plan::plan(self.role, now.is_weekend(), &mut self.random);
            (self.day, self.done) = (now.day(), 0);
        }
        while let Some((hour, place)) = self.plan.get(self.done).copied() {
            if hour > now.hour() {
                return None;
            }
            self.done += 1;
            if place != self.place {
                return Some(place);
            }
        }
        None
    }

    /// Moves about in a room, and does there what one does.
    fn stir(&mut self, house: &mut House) {
        if let Place::In(room) = self.place {
            if self.random.happens(house.dt, 75.0) {
                house[room].moved = house.now;
            }
            habits::staying(room, house);
        }
    }
}
