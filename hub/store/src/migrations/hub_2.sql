-- What rules and scenes were, each change with its author, and with whose rights a rule acts since (both JSON); `of` as in
-- the runs, times in microseconds since 1970. A body of NULL means that it was removed then.
CREATE TABLE versions (
    number INTEGER PRIMARY KEY,
    of TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    editor TEXT NOT NULL,
    body TEXT,
    file TEXT NOT NULL
) STRICT;
CREATE INDEX versions_by_thing ON versions (of, number);

-- What was there before versions were kept is the first one, so that a first change can be taken back too.
INSERT INTO versions (of, name, at, author, editor, body, file)
SELECT 'scene ' || (body ->> 'id'), body ->> 'name', unixepoch() * 1000000, '"hub"', '"hub"', body, ''
FROM registry WHERE kind = 'scene' AND json_valid(body) AND body ->> 'name' IS NOT NULL;
