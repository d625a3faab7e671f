//! Regular expressions in templates. They run in time linear to the text; each is compiled once for all templates.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use minijinja::{Environment, Error, ErrorKind, State, Value, value::Kwargs};
use regex::{Regex, RegexBuilder};

/// How large one compiled expression may be, in bytes.
const LARGEST: usize = 256 * 1024;
/// How many compiled expressions are kept. Beyond it all are forgotten, and those in use are compiled again.
const KEPT: usize = 256;
/// The work, in fuel, that compiling an expression of one byte is about as much as.
const COMPILING: u64 = 8;

static COMPILED: LazyLock<Mutex<HashMap<(String, bool), Regex>>> = LazyLock::new(Mutex::default);

pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("regex_match", is_match);
    environment.add_test("match", is_match);
    environment.add_filter("regex_search", is_found);
    environment.add_test("search", is_found);
    environment.add_filter("regex_replace", replace);
    environment.add_filter("regex_findall", find_all);
    environment.add_filter("regex_findall_index", find_all_index);
}

/// What every one of these filters is told: what to find, and whether case counts.
struct Wanted {
    regex: Regex,
    text: String,
}

impl Wanted {
    fn new(
        state: &State,
        text: &Value,
        find: Option<&Value>,
        ignorecase: Option<bool>,
        options: &Kwargs,
    ) -> Result<Self, Error> {
        let named: Option<Value> = options.get("find")?;
        let pattern = find.cloned().or(named).map_or_else(String::new, |find| find.to_string());
        let insensitive = ignorecase.or(options.get("ignorecase")?).unwrap_or(false);
        let text = text.to_string();
        state.consume_fuel(1 + text.len() as u64 / 16)?;
        Ok(Self { regex: compiled(state, pattern, insensitive)?, text })
    }
}

fn compiled(state: &State, pattern: String, insensitive: bool) -> Result<Regex, Error> {
    let key = (pattern, insensitive);
    // Held only to look up or to enter.
    if let Some(known) = COMPILED.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known.clone());
    }
    state.consume_fuel(key.0.len() as u64 * COMPILING)?;
    let regex = RegexBuilder::new(&key.0)
        .case_insensitive(insensitive)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .build()
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))?;
    let mut known = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(key, regex.clone());
    Ok(regex)
}

/// Python's `re.match`: at the beginning.
fn is_match(
    state: &State,
    text: &Value,
    find: Option<&Value>,
    ignorecase: Option<bool>,
    options: Kwargs,
) -> Result<bool, Error> {
    let wanted = Wanted::new(state, text, find, ignorecase, &options)?;
    Ok(wanted.regex.find(&wanted.text).is_some_and(|found| found.start() == 0))
}

/// Python's `re.search`: anywhere.
fn is_found(
    state: &State,
    text: &Value,
    find: Option<&Value>,
    ignorecase: Option<bool>,
    options: Kwargs,
) -> Result<bool, Error> {
    let wanted = Wanted::new(state, text, find, ignorecase, &options)?;
    Ok(wanted.regex.is_match(&wanted.text))
}

fn replace(
    state: &State,
    text: &Value,
    find: Option<&Value>,
    replace: Option<&Value>,
    options: Kwargs,
) -> Result<String, Error> {
    let named: Option<Value> = options.get("replace")?;
    let by = replace.cloned().or(named).map_or_else(String::new, |by| by.to_string());
    let wanted = Wanted::new(state, text, find, None, &options)?;
    let (by, groups) = references(&by);
    // The result may be much longer than the text.
    let matches = wanted.regex.find_iter(&wanted.text).count() as u64;
    state.consume_fuel((matches * by.len() as u64 + wanted.text.len() as u64 * groups) / 16)?;
    Ok(wanted.regex.replace_all(&wanted.text, by).into_owned())
}

/// Python's references to groups (`\1`, `\g<name>`) as this engine writes them, and how many there are.
fn references(by: &str) -> (String, u64) {
    let (mut written, mut groups) = (String::with_capacity(by.len()), 0);
    let mut rest = by.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek().copied()) {
            ('$', _) => written.push_str("$$"),
            ('\\', Some(digit)) if digit.is_ascii_digit() => {
                rest.next();
                groups += 1;
                written.push_str(&format!("${{{digit}}}"));
            }
            ('\\', Some('g')) => {
                rest.next();
                let name: String = rest.by_ref().skip_while(|c| *c == '<').take_while(|c| *c != '>').collect();
                groups += 1;
                written.push_str(&format!("${{{name}}}"));
            }
            ('\\', Some(escaped)) => {
                rest.next();
                written.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
            }
            (other, _) => written.push(other),
        }
    }
    (written, groups)
}

/// Python's `re.findall`: the matches, or their only group, or lists of their groups.
fn find_all(
    state: &State,
    text: &Value,
    find: Option<&Value>,
    ignorecase: Option<bool>,
    options: Kwargs,
) -> Result<Value, Error> {
    let wanted = Wanted::new(state, text, find, ignorecase, &options)?;
    let groups = wanted.regex.captures_len() - 1;
    let mut found = Vec::new();
    for captures in wanted.regex.captures_iter(&wanted.text) {
        state.consume_fuel(1 + groups as u64)?;
        let group = |at: usize| Value::from(captures.get(at).map_or("", |group| group.as_str()));
        found.push(match groups {
            0 | 1 => group(groups),
            _ => (1..=groups).map(group).collect(),
        });
    }
    Ok(found.into())
}

fn find_all_index(
    state: &State,
    text: &Value,
    find: Option<&Value>,
    index: Option<i64>,
    options: Kwargs,
) -> Result<Value, Error> {
    let index = index.or(options.get("index")?).unwrap_or(0);
    let all = find_all(state, text, find, None, options)?;
    let item = all.get_item(&Value::from(index))?;
    if item.is_undefined() { Err(Error::new(ErrorKind::InvalidOperation, "there is no such match")) } else { Ok(item) }
}
