//! Turns what is told to people, rooms and servers into steps.

use hub_model::{Answer, RoomId, handle::slug, suggest::did_you_mean};
use smol_str::SmolStr;

use super::Resolver;
use crate::{
    plan::{Call, Piece, Telling},
    rule::{self, Http, Part, Said, Template},
};

impl Resolver<'_> {
    pub(super) fn telling(
        &mut self,
        severity: hub_model::Severity,
        to: &[Said<SmolStr>],
        (title, text): (&Said<Template>, &Said<Template>),
        answers: &[rule::Answer],
    ) -> Telling {
        let answer = |answer: &rule::Answer| Answer { id: answer.id.clone(), title: answer.title.clone() };
        Telling {
            severity,
            title: self.pieces(title),
            text: self.pieces(text),
            to: self.people(to),
            answers: answers.iter().map(answer).collect(),
        }
    }

    pub(super) fn call(&mut self, http: &Http) -> Call {
        Call {
            url: http.url.value.clone(),
            method: http.method,
            body: http.body.as_ref().map(|body| self.pieces(body)),
            content_type: http.content_type.clone(),
            token: http.token.clone(),
            at_most: http.at_most,
        }
    }

    /// The parts of a text; each reading is of one property.
    pub(super) fn pieces(&mut self, template: &Said<Template>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for part in &template.value.parts {
            match part {
                Part::Plain(text) => pieces.push(Piece::Plain(text.clone())),
                Part::Occasion(occasion) => pieces.push(Piece::Occasion(occasion.clone())),
                Part::Reading(of) => {
                    let said = Said { value: of.clone(), spot: template.spot };
                    let paths = self.paths(&[said], None);
                    if paths.len() > 1 {
                        let message = format!("a text shows one reading, and `{}` means {}", of, paths.len());
                        self.fault(template.spot, message);
                    }
                    pieces.extend(paths.into_iter().take(1).map(Piece::Reading));
                }
            }
        }
        pieces
    }

    pub(super) fn room(&mut self, said: &Said<SmolStr>) -> Option<RoomId> {
        self.floating = true;
        let home = self.home;
        let found = home.room_by_slug(&said.value).map(|room| room.id);
        if found.is_none() {
            let rooms: Vec<_> = home.rooms.values().map(|room| slug(&room.name)).collect();
            let hint = did_you_mean(&said.value, rooms.iter().map(String::as_str));
            self.fault(said.spot, format!("there is no room `{}`{hint}", said.value));
        }
        found
    }

    fn people(&mut self, to: &[Said<SmolStr>]) -> Vec<String> {
        let mut names = Vec::new();
        for said in to {
            self.floating = true;
            let home = self.home;
            match home.people.values().find(|person| person.name.to_lowercase() == said.value.to_lowercase()) {
                Some(person) => names.push(person.name.clone()),
                None => {
                    let known = home.people.values().map(|person| person.name.as_str()).chain(["everyone"]);
                    let hint = did_you_mean(&said.value, known);
                    self.fault(said.spot, format!("nobody here is called `{}`{hint}", said.value));
                }
            }
        }
        names
    }
}
