-- Imports over HTTP: a file with what importing it would do, until that is done. Times are
-- microseconds since 1970 in UTC; `touched_at` is when `state` was last set. `base_url` and
-- `read_at` are what the reader supplied, so that reading again gives the same; `options`,
-- `summary` and `result` are JSON; `details` (JSON) and `content` (the file, unpacked) are packed
-- with zstd. The content of an applied import is emptied after a while.
CREATE TABLE imports (
    id         BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    url        TEXT COLLATE "C",
    etag       TEXT COLLATE "C",
    size       BIGINT NOT NULL,
    base_url   TEXT COLLATE "C" NOT NULL,
    read_at    BIGINT NOT NULL,
    options    TEXT COLLATE "C" NOT NULL,
    summary    TEXT COLLATE "C" NOT NULL,
    result     TEXT COLLATE "C",
    details    BYTEA NOT NULL,
    content    BYTEA NOT NULL
);
CREATE INDEX imports_of ON imports (created_by, id);
CREATE INDEX imports_touched ON imports (touched_at);
