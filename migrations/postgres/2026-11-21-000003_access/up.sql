-- Who may do what. The secret is not here: `hash` is its SHA-256 in hexadecimal. `frameworks` is a
-- JSON array of identifiers, or NULL for all. Times are microseconds since 1970 in UTC.
CREATE TABLE tokens (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    role       TEXT COLLATE "C" NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    frameworks TEXT COLLATE "C",
    hash       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT  NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

-- What OAuth 2.0 clients got for their token, for an hour; `role` is the most it allows.
CREATE TABLE access_tokens (
    hash       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    token_id   TEXT COLLATE "C" NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    role       TEXT COLLATE "C" NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    expires_at BIGINT  NOT NULL
);
CREATE INDEX access_tokens_of_token ON access_tokens (token_id, expires_at);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- Who changed what, when, and from where. The only place that holds addresses of clients.
CREATE TABLE audit (
    id          BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          BIGINT  NOT NULL,
    actor       TEXT COLLATE "C" NOT NULL,
    action      TEXT COLLATE "C" NOT NULL,
    document_id TEXT COLLATE "C",
    revision_id BIGINT,
    subject     TEXT COLLATE "C",
    address     TEXT COLLATE "C",
    request_id  TEXT COLLATE "C"
);
CREATE INDEX audit_by_time ON audit (at);
