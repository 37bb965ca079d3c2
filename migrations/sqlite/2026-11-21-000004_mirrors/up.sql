-- The last download of a framework from another server: where it was, what it was called there
-- (its ETag), and which revision came of it.
CREATE TABLE downloads (
    document_id TEXT    NOT NULL PRIMARY KEY,
    url         TEXT    NOT NULL,
    etag        TEXT   ,
    revision_id INTEGER NOT NULL
) STRICT;

-- Frameworks of other servers that are kept in step. `access` is JSON and names where secrets are
-- found, never the secrets. Times are microseconds since 1970 in UTC; flags are 0 and 1. A server
-- that runs a mirror holds it until `held_until`.
CREATE TABLE mirrors (
    name         TEXT    NOT NULL PRIMARY KEY,
    url          TEXT    NOT NULL,
    everything   INTEGER NOT NULL,
    take_over    INTEGER NOT NULL,
    every        INTEGER NOT NULL,
    access       TEXT   ,
    version      TEXT   ,
    next_at      INTEGER NOT NULL,
    last_at      INTEGER,
    good_at      INTEGER,
    broken_since INTEGER,
    problem      TEXT   ,
    held_by      TEXT   ,
    held_until   INTEGER
) STRICT;

-- The frameworks of the mirrors; here they are read-only.
CREATE TABLE mirrored (
    document_id   TEXT    NOT NULL PRIMARY KEY,
    mirror        TEXT    NOT NULL REFERENCES mirrors (name) ON DELETE CASCADE,
    received      TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    good_at       INTEGER,
    vanished_at   INTEGER,
    problem_since INTEGER,
    problem       TEXT   
) STRICT;
CREATE INDEX mirrored_by ON mirrored (mirror, document_id);
