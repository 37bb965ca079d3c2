-- Who may do what. The secret is not here: `hash` is its SHA-256 in hexadecimal. `frameworks` is a
-- JSON array of identifiers, or NULL for all. Times are microseconds since 1970 in UTC.
CREATE TABLE tokens (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    frameworks TEXT,
    hash       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;

-- What OAuth 2.0 clients got for their token, for an hour; `role` is the most it allows.
CREATE TABLE access_tokens (
    hash       TEXT    NOT NULL PRIMARY KEY,
    token_id   TEXT    NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    role       TEXT    NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX access_tokens_of_token ON access_tokens (token_id, expires_at);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- Who changed what, when, and from where. The only place that holds addresses of clients.
CREATE TABLE audit (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    document_id TEXT,
    revision_id INTEGER,
    subject     TEXT,
    address     TEXT,
    request_id  TEXT
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
