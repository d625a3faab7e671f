-- A number for every path, so that a row of history is short.
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    device BLOB NOT NULL,
    endpoint TEXT NOT NULL,
    property TEXT NOT NULL,
    UNIQUE (device, endpoint, property)
) STRICT;

-- Clustered, so that a chart reads neighbouring pages. `at` is microseconds since 1970, `value` as in encode.rs, `cause`
-- as in why.rs.
CREATE TABLE history (
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    value ANY,
    cause ANY,
    PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;

-- Who began things, each once.
CREATE TABLE actors (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL UNIQUE
) STRICT;

-- What happened beside readings: occurrences, commands, devices that come and go, notices; in the order of time, as JSON.
CREATE TABLE log (
    at INTEGER PRIMARY KEY,
    device BLOB,
    body TEXT NOT NULL,
    cause ANY
) STRICT;
