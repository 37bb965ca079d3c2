-- The last download of a framework from another server: where it was, what it was called there
-- (its ETag), and which revision came of it.
CREATE TABLE downloads (
    document_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    url         TEXT COLLATE "C" NOT NULL,
    etag        TEXT COLLATE "C",
    revision_id BIGINT NOT NULL
);

-- Frameworks of other servers that are kept in step. `access` is JSON and names where secrets are
-- found, never the secrets. Times are microseconds since 1970 in UTC; flags are 0 and 1. A server
-- that runs a mirror holds it until `held_until`.
CREATE TABLE mirrors (
    name         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    url          TEXT COLLATE "C" NOT NULL,
    everything   BIGINT NOT NULL,
    take_over    BIGINT NOT NULL,
    every        BIGINT NOT NULL,
    access       TEXT COLLATE "C",
    version      TEXT COLLATE "C",
    next_at      BIGINT NOT NULL,
    last_at      BIGINT,
    good_at      BIGINT,
    broken_since BIGINT,
    problem      TEXT COLLATE "C",
    held_by      TEXT COLLATE "C",
    held_until   BIGINT
);

-- The frameworks of the mirrors; here they are read-only.
CREATE TABLE mirrored (
    document_id   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    mirror        TEXT COLLATE "C" NOT NULL REFERENCES mirrors (name) ON DELETE CASCADE,
    received      TEXT COLLATE "C" NOT NULL,
    title         TEXT COLLATE "C" NOT NULL,
    good_at       BIGINT,
    vanished_at   BIGINT,
    problem_since BIGINT,
    problem       TEXT COLLATE "C"
);
CREATE INDEX mirrored_by ON mirrored (mirror, document_id);
