//! The loudspeaker in the kitchen: songs follow one another while it plays.

use hub_model::{EndpointKind, PropertyOffer, Value, capability::media};

use super::{Asked, Body, Refusal};
use crate::{
    blueprint::Blueprint,
    house::{Hand, House, Room},
    panel::Panel,
};

/// The loudspeaker.
#[derive(Debug)]
pub(crate) struct Speaker {
    song: usize,
    /// s of the song that were played.
    played: f64,
}

/// What the radio plays, in turn.
const SONGS: [&str; 5] =
    ["Morning in the kitchen", "Rain on the roof", "The long way home", "Blue kettle", "Seven rooms"];
/// s of each.
const SONG: f64 = 215.0;
const SOURCES: [&str; 3] = ["radio", "bluetooth", "line in"];

/// A loudspeaker.
pub(crate) fn speaker(name: &str, room: Room) -> Blueprint {
    let rows = [&media::STATE, &media::VOLUME, &media::MUTED, &media::TITLE];
    Blueprint::new(name, room, EndpointKind::Media, Speaker { song: 0, played: 0.0 })
        .model("Tune")
        .offers(rows.map(PropertyOffer::new))
        .offers([PropertyOffer::new(&media::SOURCE).words(SOURCES)])
        .actions([&media::PLAY, &media::PAUSE, &media::STOP, &media::NEXT, &media::PREVIOUS])
}

impl Speaker {
    fn skip(&mut self, panel: &mut Panel, songs: usize) {
        (self.song, self.played) = ((self.song + songs) % SONGS.len(), 0.0);
        panel.tell(1, &media::TITLE, Value::text(SONGS[self.song]));
    }
}

fn state(panel: &mut Panel, word: &'static str) {
    panel.tell(1, &media::STATE, Value::text(word));
}

impl Body for Speaker {
    fn begin(&mut self, panel: &mut Panel, _house: &mut House) {
        panel.put(1, &media::STATE, Value::text("stopped"));
        panel.put(1, &media::VOLUME, 25.0);
        panel.put(1, &media::MUTED, false);
        panel.put(1, &media::TITLE, Value::text(SONGS[0]));
        panel.put(1, &media::SOURCE, Value::text(SOURCES[0]));
    }

    fn live(&mut self, panel: &mut Panel, house: &mut House) {
        house.load[1] += 2.0;
        if panel.word(1, &media::STATE) == "playing" {
            house.load[1] += 6.0;
            self.played += house.dt;
            if self.played >= SONG {
                self.skip(panel, 1);
            }
        }
    }

    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        asked.take_over(panel)?;
        if asked.invokes(&media::PLAY) {
            state(panel, "playing");
            if let Some(what) = asked.argument("what").and_then(Value::as_text) {
                // A title holds 512 bytes; the rest of a long request is not shown.
                let shown: String = what.chars().take(128).collect();
                self.played = 0.0;
                panel.tell(1, &media::TITLE, Value::text(shown));
            }
        } else if asked.invokes(&media::PAUSE) {
            state(panel, "paused");
        } else if asked.invokes(&media::STOP) {
            state(panel, "stopped");
        } else if asked.invokes(&media::NEXT) {
            self.skip(panel, 1);
        } else if asked.invokes(&media::PREVIOUS) {
            self.skip(panel, SONGS.len() - 1);
        }
        Ok(())
    }

    fn touched(&mut self, panel: &mut Panel, hand: Hand, _house: &mut House) {
        if let Hand::Switch(on) = hand {
            panel.put(1, &media::STATE, Value::text(if on { "playing" } else { "paused" }));
        }
    }
}
