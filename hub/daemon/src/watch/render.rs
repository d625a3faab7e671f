//! The picture of a [`State`]: rooms with their devices on the left, the chosen device on the right, keys below.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Color, Modifier, Style, Stylize},
    text::{Line, Span},
    widgets::{Block, Clear, List, ListItem, ListState, Paragraph},
};

use super::{state::State, summary};
use crate::client::home::Device;

/// Narrower than this, the panel of the chosen device is left out.
const WIDE: u16 = 90;
/// How many columns a device's name has.
const NAME: usize = 26;

const KEYS: &str = " ↑↓ choose   space switch   +/- dim   s scenes   q quit";

/// Draws the whole screen.
pub(crate) fn draw(frame: &mut Frame<'_>, state: &State) {
    let [title, body, note, keys] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(3), Constraint::Length(1), Constraint::Length(1)])
            .areas(frame.area());
    frame.render_widget(title_line(state), title);
    frame.render_widget(Line::from(format!(" {}", state.note)).fg(Color::Yellow), note);
    frame.render_widget(Line::from(KEYS).dim(), keys);
    if body.width < WIDE {
        draw_rows(frame, state, body);
    } else {
        let [rows, panel] = Layout::horizontal([Constraint::Fill(3), Constraint::Fill(2)]).areas(body);
        draw_rows(frame, state, rows);
        draw_panel(frame, state, panel);
    }
    if state.scene.is_some() {
        draw_scenes(frame, state, body);
    }
}

fn title_line(state: &State) -> Line<'_> {
    let home = &state.home;
    let away = home.devices.iter().filter(|device| !device.reachable).count();
    let mut line = vec![
        Span::from(format!(" {} ", home.home.name)).bold(),
        Span::from(format!("· {} devices in {} rooms", home.devices.len(), home.rooms.len())),
    ];
    if away > 0 {
        line.push(Span::from(format!(" · {away} unreachable")).fg(Color::Red));
    }
    if let Some(why) = &state.away {
        line.push(Span::from(format!("  {why}")).fg(Color::Red).bold());
    }
    line.into()
}

fn draw_rows(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let mut items = Vec::new();
    let mut chosen = None;
    let mut room = None;
    for (place, device) in state.devices().enumerate() {
        let here = device.room.as_ref().map_or("No room", |room| &*room.name);
        if room != Some(here) {
            items.push(ListItem::new(Line::from(format!(" {here}")).fg(Color::Cyan).bold()));
            room = Some(here);
        }
        if place == state.chosen() {
            chosen = Some(items.len());
        }
        items.push(ListItem::new(row(state, device)));
    }
    let list = List::new(items).highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut place = ListState::default().with_selected(chosen);
    // A few rows around the chosen one stay in sight, its room's name among them.
    frame.render_stateful_widget(list.scroll_padding(2), area, &mut place);
}

fn row<'a>(state: &State, device: &'a Device) -> Line<'a> {
    let name = Span::from(format!("   {} ", fit(&device.name, NAME)));
    let words = summary::of(device);
    if !device.reachable {
        return Line::from(vec![name.dim(), Span::from(format!("unreachable · {words}")).dim()]);
    }
    let style = if state.is_lively(&device.id) { Style::new().fg(Color::Green).bold() } else { Style::new() };
    Line::from(vec![name, Span::styled(words, style)])
}

fn draw_panel(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let block = Block::bordered().border_style(Style::new().dim());
    let Some(device) = state.device() else {
        let hint = "No devices yet. Add one with `hub add`,\nor start the hub with --simulated.";
        return frame.render_widget(Paragraph::new(hint).block(block), area);
    };
    let mut lines = vec![Line::from(device.handle.clone()).dim()];
    if let Some(seen) = device.last_seen.filter(|_| !device.reachable) {
        lines.push(Line::from(format!("unreachable, last heard {seen:.0}")).fg(Color::Red));
    }
    for endpoint in &device.endpoints {
        lines.push(Line::default());
        let name = endpoint.name.as_deref().unwrap_or_default();
        let kind = endpoint.kind.to_lowercase();
        lines.push(Line::from(format!("{} {kind} {name}", endpoint.id).trim_end().to_owned()).fg(Color::Cyan));
        for reading in &endpoint.properties {
            let fresh = state.is_fresh(&device.id, &endpoint.id, &reading.id);
            let value = Span::from(reading.text());
            let value = if fresh { value.fg(Color::Green).bold() } else { value };
            lines.push(Line::from(vec![Span::from(format!("{} ", fit(&reading.id, NAME))), value]));
        }
    }
    frame.render_widget(Paragraph::new(lines).block(block.title(format!(" {} ", device.name))), area);
}

fn draw_scenes(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let scenes = &state.home.scenes;
    let height = u16::try_from(scenes.len()).unwrap_or(u16::MAX).saturating_add(2);
    let area = area.centered(Constraint::Length(40), Constraint::Length(height));
    let items = scenes.iter().map(|scene| ListItem::new(format!(" {}", scene.name)));
    let list = List::new(items)
        .block(Block::bordered().title(" Scenes: space runs one, s goes back "))
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    frame.render_widget(Clear, area);
    frame.render_stateful_widget(list, area, &mut ListState::default().with_selected(state.scene));
}

/// A text in exactly so many columns.
fn fit(text: &str, columns: usize) -> String {
    let mut fitted = String::new();
    let mut used = 0;
    for character in text.chars() {
        let wide = Span::from(character.to_string()).width();
        if used + wide > columns {
            break;
        }
        fitted.push(character);
        used += wide;
    }
    fitted + &" ".repeat(columns - used)
}
