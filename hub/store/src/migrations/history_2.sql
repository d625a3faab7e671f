-- Runs of rules and scenes, and what triggers came to nothing: the record as JSON, and what it is looked up by. `of` is the
-- kind and the id of what was run (`rule hall-light`), `began` microseconds since 1970.
CREATE TABLE runs (
    id BLOB NOT NULL UNIQUE,
    of TEXT NOT NULL,
    began INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    key TEXT,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_thing ON runs (of, began);
CREATE INDEX runs_by_time ON runs (began);
CREATE INDEX runs_by_key ON runs (key) WHERE key IS NOT NULL;
