-- Imports over HTTP: a file with what importing it would do, until that is done. Times are
-- microseconds since 1970 in UTC; `touched_at` is when `state` was last set. `base_url` and
-- `read_at` are what the reader supplied, so that reading again gives the same; `options`,
-- `summary` and `result` are JSON; `details` (JSON) and `content` (the file, unpacked) are packed
-- with zstd. The content of an applied import is emptied after a while.
CREATE TABLE imports (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    url        TEXT   ,
    etag       TEXT   ,
    size       INTEGER NOT NULL,
    base_url   TEXT    NOT NULL,
    read_at    INTEGER NOT NULL,
    options    TEXT    NOT NULL,
    summary    TEXT    NOT NULL,
    result     TEXT   ,
    details    BLOB    NOT NULL,
    content    BLOB    NOT NULL
) STRICT;
CREATE INDEX imports_of ON imports (created_by, id);
CREATE INDEX imports_touched ON imports (touched_at);
