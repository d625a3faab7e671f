//! Reads actions that tell something: people, rooms, servers.

use std::time::Duration;

use hub_model::Severity;
use smol_str::SmolStr;

use super::fields::Fields;
use crate::rule::{Action, Answer, Http, HttpMethod, Said, Template};

pub(super) fn notify(fields: &Fields<'_>) -> Option<Action> {
    let to = fields.has("to").then(|| fields.texts("to")).map_or(Some(Vec::new()), |to| to);
    let (title, text) = (fields.parsed("title"), fields.parsed("text"));
    let severity = match fields.word("severity") {
        Some("warning") => Severity::Warning,
        Some("alarm") => Severity::Alarm,
        _ => Severity::Info,
    };
    let everyone = |to: &Vec<Said<SmolStr>>| to.iter().any(|name| name.value == "everyone");
    let to = to.map(|to| if everyone(&to) { Vec::new() } else { to });
    let answers = answers(fields);
    Some(Action::Notify { to: to?, title: title?, text: text?, severity, answers: answers? })
}

fn answers(fields: &Fields<'_>) -> Option<Vec<Answer>> {
    /// What a phone shows beneath a message.
    const MOST: usize = 4;
    let list = fields.list("answers");
    if list.len() > MOST {
        fields.fault_at("answers", format!("a message has at most {MOST} answers, not {}", list.len()));
    }
    let answer = |fields: &Fields<'_>| {
        let (id, title) = (fields.text("id"), fields.text("title"));
        Some(Answer { id: id?.value.into(), title: title?.value.to_owned() })
    };
    list.iter().map(answer).collect::<Vec<_>>().into_iter().collect()
}

pub(super) fn speak(fields: &Fields<'_>) -> Option<Action> {
    let room = fields.text("room").map(|said| said.map(SmolStr::from));
    Some(Action::Speak { room, text: fields.parsed("text")? })
}

pub(super) fn http(fields: &Fields<'_>) -> Option<Action> {
    let (url, body) = (url(fields), fields.has("body").then(|| fields.parsed::<Template>("body")));
    let word = if fields.has("method") { fields.word("method")? } else { if body.is_some() { "POST" } else { "GET" } };
    let method = HttpMethod::ALL.into_iter().find(|(_, known)| *known == word)?.0;
    if body.is_some() && method == HttpMethod::Get {
        fields.fault_at("body", "a GET has no body: leave `method` out, or write POST");
    }
    let body = match body {
        Some(body) => Some(body?),
        None => None,
    };
    let at_most = if fields.has("at_most") { fields.span("at_most")? } else { Http::USUAL };
    if at_most > LONGEST {
        fields.fault_at("at_most", "a call may take a minute at most");
    }
    let content_type = fields.text("content_type").map_or_else(|| "application/json".into(), |said| said.value.into());
    let token = fields.text("token").map(|said| said.value.into());
    Some(Action::Http(Http { url: url?, method, body, content_type, token, at_most }))
}

/// The longest that a call may take.
const LONGEST: Duration = Duration::from_secs(60);

fn url(fields: &Fields<'_>) -> Option<Said<SmolStr>> {
    let said = fields.text("url")?;
    let uri: Option<hyper::Uri> = said.value.parse().ok();
    let sound = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if !sound || said.value.contains('@') {
        let shown: String = said.value.chars().take(60).collect();
        let wanted = "an address such as https://example.org/path, without names or passwords in it";
        fields.fault(said.spot, format!("`url` takes {wanted}, not {shown:?}"));
        return None;
    }
    Some(said.map(SmolStr::from))
}
