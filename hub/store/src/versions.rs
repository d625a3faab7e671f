//! Versions of rules and scenes in SQL.

use hub_model::{Author, RunOf, Version};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// How many versions of one thing are kept; the oldest go.
pub(crate) const MOST: i64 = 50;
/// How many things that are gone keep their versions; those that went first are forgotten.
const GONE: i64 = 500;

const COLUMNS: &str = "number, of, name, at, author, editor, body, file";

/// Keeps a version, within the caller's transaction.
pub(crate) fn put(database: &Connection, version: &Version) -> rusqlite::Result<()> {
    let json = |author: &Author| serde_json::to_string(author).expect("an author is plain data");
    let (author, editor) = (json(&version.author), json(&version.editor));
    let (of, at) = (version.of.to_string(), version.at.as_microsecond());
    let insert = "INSERT INTO versions (of, name, at, author, editor, body, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = params![of, version.name, at, author, editor, version.body, version.file];
    database.prepare_cached(insert)?.execute(values)?;
    if matches!(version.author, Author::Rule(_)) {
        // A rule that switches another one every day must not drive out what people did.
        let before = "DELETE FROM versions WHERE author ->> 'rule' IS NOT NULL AND number = \
                      (SELECT number FROM versions WHERE of = ?1 ORDER BY number DESC LIMIT 1 OFFSET 1)";
        database.prepare_cached(before)?.execute([&of])?;
    }
    let old = "DELETE FROM versions WHERE of = ?1 AND number <= \
               (SELECT number FROM versions WHERE of = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)";
    database.prepare_cached(old)?.execute(params![of, MOST])?;
    if version.body.is_none() {
        let forgotten = "DELETE FROM versions WHERE of IN (SELECT of FROM (SELECT of, max(number) AS last, body \
                         FROM versions GROUP BY of) WHERE body IS NULL ORDER BY last DESC LIMIT -1 OFFSET ?1)";
        database.prepare_cached(forgotten)?.execute([GONE])?;
    }
    Ok(())
}

/// The versions of a thing, the newest first.
pub(crate) fn of(database: &Connection, thing: &RunOf) -> rusqlite::Result<Vec<Version>> {
    let sql = format!("SELECT {COLUMNS} FROM versions WHERE of = ?1 ORDER BY number DESC");
    collect(database, &sql, &thing.to_string())
}

/// The version of that number.
pub(crate) fn by_number(database: &Connection, number: i64) -> rusqlite::Result<Option<Version>> {
    let sql = format!("SELECT {COLUMNS} FROM versions WHERE number = ?1");
    let mut statement = database.prepare_cached(&sql)?;
    Ok(statement.query_row([number], |row| Ok(version(row))).optional()?.flatten())
}

/// The newest version of each thing of a kind (`rule`, `scene`), those that are gone too.
pub(crate) fn newest(database: &Connection, kind: &str) -> rusqlite::Result<Vec<Version>> {
    // Of several rows of a group, SQLite takes the bare columns from the one with the maximum.
    let sql = "SELECT max(number), of, name, at, author, editor, body, file FROM versions WHERE of LIKE ?1 || ' %' \
               GROUP BY of ORDER BY max(number) DESC";
    collect(database, sql, kind)
}

fn collect(database: &Connection, sql: &str, value: &str) -> rusqlite::Result<Vec<Version>> {
    let mut statement = database.prepare_cached(sql)?;
    let mut rows = statement.query([value])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()? {
        // One that this hub can't have written is left out.
        versions.extend(version(row));
    }
    Ok(versions)
}

fn version(row: &Row<'_>) -> Option<Version> {
    let text = |column: usize| row.get::<_, String>(column).ok();
    Some(Version {
        number: row.get(0).ok()?,
        of: text(1)?.parse().ok()?,
        name: text(2)?,
        at: Timestamp::from_microsecond(row.get(3).ok()?).ok()?,
        author: serde_json::from_str(&text(4)?).ok()?,
        editor: serde_json::from_str(&text(5)?).ok()?,
        body: row.get(6).ok()?,
        file: text(7)?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]
mod tests {
    use hub_model::RuleId;

    use super::*;
    use crate::migrate::HUB;

    fn changed(author: &Author, body: Option<&str>) -> Version {
        let of = RunOf::Rule(RuleId("night".into()));
        let (name, at, file) = ("Night".to_owned(), Timestamp::UNIX_EPOCH, "night.toml".to_owned());
        let body = body.map(str::to_owned);
        Version { number: 0, of, name, at, author: author.clone(), editor: Author::File, body, file }
    }

    fn bodies(changes: &[(&Author, Option<&str>)]) -> Vec<Option<String>> {
        let mut database = Connection::open_in_memory().unwrap();
        HUB.migrate(&mut database).unwrap();
        changes.iter().for_each(|(author, body)| put(&database, &changed(author, *body)).unwrap());
        let versions = of(&database, &RunOf::Rule(RuleId("night".into()))).unwrap();
        assert!(versions.is_sorted_by(|newer, older| newer.number > older.number));
        versions.into_iter().map(|version| version.body).collect()
    }

    #[test]
    fn the_latest_fifty_are_kept() {
        let texts: Vec<_> = (0..60).map(|number| number.to_string()).collect();
        let kept = bodies(&texts.iter().map(|text| (&Author::Hub, Some(text.as_str()))).collect::<Vec<_>>());
        assert_eq!((kept.len(), kept[0].as_deref(), kept[49].as_deref()), (50, Some("59"), Some("10")));
    }

    #[test]
    fn what_a_rule_switches_again_and_again_is_one_version_behind_those_of_people() {
        let rule = Author::Rule(RuleId("morning".into()));
        let kept = bodies(&[
            (&Author::File, Some("a")),
            (&rule, Some("b")),
            (&rule, Some("c")),
            (&Author::Hub, Some("d")),
            (&rule, Some("e")),
        ]);
        assert_eq!(kept, ["e", "d", "c", "a"].map(|body| Some(body.to_owned())));
    }
}
