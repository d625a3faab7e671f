//! The terminal and the connection around the view.

use std::{thread, time::Duration};

use ratatui::crossterm::event::{self, Event as Input, KeyCode, KeyEventKind, KeyModifiers};
use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::{MissedTickBehavior, interval},
};

use super::{
    deed::Deed,
    render::draw,
    state::{News, Press, State, Wish},
};
use crate::client::{
    Client, Live, ask,
    live::{Event, Moment},
};

/// How much news may wait to be shown. When it is full, the connection waits, and the hub sends a snapshot to who lags.
const NEWS: usize = 256;
/// How many presses may wait. When it is full, the keyboard waits.
const PRESSES: usize = 16;
/// The time between two pictures at least; nobody sees more.
const FRAME: Duration = Duration::from_millis(50);
/// How long a beat of the view is.
const BEAT: Duration = Duration::from_millis(500);

/// Shows the home until the person leaves.
pub(crate) async fn run(client: Client) -> anyhow::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let ended = show(&mut terminal, client).await;
    ratatui::restore();
    ended
}

async fn show(terminal: &mut ratatui::DefaultTerminal, client: Client) -> anyhow::Result<()> {
    let (news_in, mut news) = mpsc::channel(NEWS);
    let (press_in, mut presses) = mpsc::channel(PRESSES);
    let follower = tokio::spawn(follow(client.clone(), news_in.clone()));
    thread::spawn(move || read_keys(&press_in));
    let (mut frames, mut beats) = (interval(FRAME), interval(BEAT));
    frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut state = State::default();
    loop {
        tokio::select! {
            Some(fresh) = news.recv() => {
                state.take(fresh);
                take_waiting(&mut state, &mut news);
            }
            press = presses.recv() => match press.map_or(Wish::Quit, |press| state.press(press)) {
                Wish::Quit => break,
                Wish::None => {}
                wish => drop(tokio::spawn(grant(client.clone(), wish, news_in.clone()))),
            },
            _ = beats.tick() => state.take(News::Beat),
        }
        // News that comes within a frame is drawn with the next one.
        frames.tick().await;
        take_waiting(&mut state, &mut news);
        terminal.draw(|frame| draw(frame, &state))?;
    }
    follower.abort();
    Ok(())
}

fn take_waiting(state: &mut State, news: &mut Receiver<News>) {
    while let Ok(fresh) = news.try_recv() {
        state.take(fresh);
    }
}

/// Follows the home for ever.
async fn follow(client: Client, news: Sender<News>) {
    let mut live = Live::new(client.clone(), None);
    loop {
        let fresh = match live.next().await {
            Moment::Home(home) => Some(News::Home(home)),
            Moment::Away(why) => Some(News::Away(why)),
            // Rooms or scenes: few and seldom, so all is read again. When it fails, the connection tells next.
            Moment::Event(event) if event.home.is_some() => ask::home(&client).await.ok().map(News::Home),
            Moment::Event(event) => from_event(*event),
        };
        if let Some(fresh) = fresh
            && news.send(fresh).await.is_err()
        {
            return;
        }
    }
}

fn from_event(event: Event) -> Option<News> {
    if let Some(change) = event.change {
        let (device, endpoint, property) = (change.device, change.endpoint, change.property);
        return Some(News::Changed { device, endpoint, property, value: change.new });
    }
    if let Some(device) = event.device {
        return Some(News::Device { id: device.id, now: device.now.map(Box::new) });
    }
    let told = event.reachability?;
    Some(News::Reachable { device: told.device, reachable: told.reachable })
}

/// Asks for what was wished, and tells what became of it.
async fn grant(client: Client, wish: Wish, news: Sender<News>) {
    let note = match wish {
        Wish::Control(Deed { device, endpoint, set, invoke, words }) => {
            let told = ask::control(&client, &device, &endpoint, set.into_iter().collect(), invoke, None).await;
            told.map(|answer| format!("{words}: {}", answer.words()))
        }
        Wish::Scene(id) => ask::run_scene(&client, &id).await.map(|run| format!("Scene: {}", run.summary)),
        Wish::None | Wish::Quit => return,
    };
    let note = note.unwrap_or_else(|error| format!("{error:#}"));
    // The screen may be gone by now.
    let _ = news.send(News::Note(note)).await;
}

/// Reads the keyboard until the view is gone.
fn read_keys(presses: &Sender<Press>) {
    while !presses.is_closed() {
        // Now and then it looks whether the view is still there.
        match event::poll(Duration::from_millis(200)) {
            Ok(false) => continue,
            Ok(true) => {}
            Err(_) => return,
        }
        let Ok(input) = event::read() else { return };
        if let Some(press) = press(&input)
            && presses.blocking_send(press).is_err()
        {
            return;
        }
    }
}

fn press(input: &Input) -> Option<Press> {
    let Input::Key(key) = input else { return None };
    if key.kind == KeyEventKind::Release {
        return None;
    }
    match key.code {
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Press::Quit),
        KeyCode::Char('q') => Some(Press::Quit),
        KeyCode::Up | KeyCode::Char('k') => Some(Press::Up),
        KeyCode::Down | KeyCode::Char('j') => Some(Press::Down),
        KeyCode::PageUp => Some(Press::PageUp),
        KeyCode::PageDown => Some(Press::PageDown),
        KeyCode::Char(' ') | KeyCode::Enter => Some(Press::Switch),
        KeyCode::Char('+' | '=') | KeyCode::Right => Some(Press::More),
        KeyCode::Char('-') | KeyCode::Left => Some(Press::Less),
        KeyCode::Char('s') => Some(Press::Scenes),
        KeyCode::Esc => Some(Press::Back),
        _ => None,
    }
}
