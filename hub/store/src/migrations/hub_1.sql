-- Small facts about the folder: `epoch`, and `key_mark`, which tells whether the master key is the right one.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT;

-- Rooms, devices, accounts and their like: a word for the kind, the id, and the thing as JSON.
CREATE TABLE registry (
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

-- The last reading of every property. Times are microseconds since 1970, values as in encode.rs.
CREATE TABLE state (
    series INTEGER PRIMARY KEY,
    device BLOB NOT NULL,
    endpoint TEXT NOT NULL,
    property TEXT NOT NULL,
    value ANY,
    changed_at INTEGER,
    reported_at INTEGER,
    UNIQUE (device, endpoint, property)
) STRICT;

-- Whether a device could be reached, and when it was last heard.
CREATE TABLE heard (
    device BLOB PRIMARY KEY,
    reachable INTEGER NOT NULL,
    last_seen INTEGER
) STRICT;

-- Sealed with the master key.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- What adapters keep for themselves, sealed too.
CREATE TABLE notes (
    adapter TEXT NOT NULL,
    key TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (adapter, key)
) STRICT;

-- Callers' marks on commands, so that one sent again acts once.
CREATE TABLE command_keys (
    key TEXT PRIMARY KEY,
    id BLOB NOT NULL,
    device BLOB NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX command_keys_by_time ON command_keys (at);
