//! Gets out of a damaged `hub.db` what can be read, and fills the gaps from the last good copy.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, params_from_iter, types::Value};

use crate::{
    database::{Safety, open_for_reading, transact},
    load::is_sound,
    migrate::{HUB, version},
    registry::kind,
};

/// How much was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Salvaged {
    /// Every row of the damaged file.
    All,
    /// Some rows of it; the rest of the last good copy, if there is one.
    WithGaps { from_good: bool },
    /// None of its rows: those of the last good copy.
    Good,
    /// Nothing.
    Nothing,
}

struct Table {
    name: &'static str,
    /// The first schema that has it.
    since: i64,
    columns: &'static str,
    count: usize,
}

const TABLES: [Table; 8] = [
    Table { since: 1, name: "meta", columns: "name, value", count: 2 },
    Table { since: 1, name: "registry", columns: "kind, id, body", count: 3 },
    Table { since: 1, name: "state", columns: "device, endpoint, property, value, changed_at, reported_at", count: 6 },
    Table { since: 1, name: "heard", columns: "device, reachable, last_seen", count: 3 },
    Table { since: 1, name: "secrets", columns: "name, sealed", count: 2 },
    Table { since: 1, name: "notes", columns: "adapter, key, sealed", count: 3 },
    Table { since: 2, name: "versions", columns: "number, of, name, at, author, editor, body, file", count: 8 },
    Table { since: 1, name: "command_keys", columns: "key, id, device, outcome, at", count: 5 },
];

/// What came over from one file.
#[derive(Debug, Default, Clone, Copy)]
struct Copied {
    rows: usize,
    access: usize,
    /// Rows that can't be read, or tables that end too early.
    faults: usize,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Everything,
    /// Accounts and tokens that were taken away must not come back.
    AllButAccess,
}

/// Fills a new database from a damaged one and from a good copy of earlier.
pub(crate) fn salvage(new: &mut Connection, damaged: Option<&Path>, good: Option<&Path>) -> rusqlite::Result<Salvaged> {
    transact(new, Safety::Durable, |new| {
        let open = |file| {
            open_for_reading(file).ok().filter(|old| version(old).is_ok_and(|found| (1..=HUB.known()).contains(&found)))
        };
        let from_damaged =
            damaged.and_then(open).map_or(Ok(Copied::default()), |old| copy(new, &old, Wanted::Everything))?;
        if from_damaged.rows > 0 && from_damaged.faults == 0 {
            return Ok(Salvaged::All);
        }
        let wanted = if from_damaged.access > 0 { Wanted::AllButAccess } else { Wanted::Everything };
        let from_good = good.and_then(open).map_or(Ok(Copied::default()), |old| copy(new, &old, wanted))?;
        Ok(match (from_damaged.rows > 0, from_good.rows > 0) {
            (true, from_good) => Salvaged::WithGaps { from_good },
            (false, true) => Salvaged::Good,
            (false, false) => Salvaged::Nothing,
        })
    })
}

/// Copies the rows that are not there yet.
fn copy(new: &Connection, old: &Connection, wanted: Wanted) -> rusqlite::Result<Copied> {
    let mut copied = Copied::default();
    let schema = version(old)?;
    for table in TABLES.iter().filter(|table| table.since <= schema) {
        let (mut rows, mut faults) = read(old, table, "ASC");
        if faults > 0 {
            // A damaged page ends the reading of a table, so that the other end of it is read from behind.
            let (more, more_faults) = read(old, table, "DESC");
            rows.extend(more);
            faults += more_faults;
        }
        copied.faults += faults;
        insert(new, table, rows, wanted, &mut copied)?;
    }
    Ok(copied)
}

/// The sound rows of a table up to the first damaged page, and how many faults there were. `hub.db` is small enough to
/// hold all of it in memory.
fn read(old: &Connection, table: &Table, order: &str) -> (Vec<Vec<Value>>, usize) {
    let sql = format!("SELECT {} FROM {} NOT INDEXED ORDER BY rowid {order}", table.columns, table.name);
    let Ok(mut select) = old.prepare(&sql) else { return (Vec::new(), 1) };
    let values = |row: &rusqlite::Row<'_>| {
        // A column that is no sound text makes its row a fault, and not the rows behind it.
        Ok((0..table.count).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>().ok())
    };
    let Ok(found) = select.query_map([], values) else { return (Vec::new(), 1) };
    let (mut rows, mut faults) = (Vec::new(), 0);
    for row in found {
        match row {
            Ok(Some(values)) if table.name != "registry" || is_readable(&values) => rows.push(values),
            Ok(_) => faults += 1,
            Err(_) => return (rows, faults + 1),
        }
    }
    (rows, faults)
}

fn insert(
    new: &Connection,
    table: &Table,
    rows: Vec<Vec<Value>>,
    wanted: Wanted,
    copied: &mut Copied,
) -> rusqlite::Result<()> {
    let marks = vec!["?"; table.count].join(", ");
    let sql = format!("INSERT OR IGNORE INTO {} ({}) VALUES ({marks})", table.name, table.columns);
    let mut insert = new.prepare(&sql)?;
    for values in rows {
        let is_access = table.name == "registry" && is_access(&values);
        if is_access && wanted == Wanted::AllButAccess {
            continue;
        }
        match insert.execute(params_from_iter(values)) {
            Ok(rows) => {
                copied.rows += rows;
                copied.access += usize::from(is_access);
            }
            // A row whose columns are of the wrong kind is refused by the new table, and is no more than a gap.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => copied.faults += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn is_readable(values: &[Value]) -> bool {
    matches!(values, [Value::Text(kind), _, Value::Text(body)] if is_sound(kind, body))
}

fn is_access(values: &[Value]) -> bool {
    matches!(values, [Value::Text(word), ..] if word == kind::ACCOUNT || word == kind::TOKEN)
}
