-- People who sign in. `name` is folded to lower case. `password` is an Argon2id hash in the PHC form, or
-- NULL for those who come from an identity provider, whom `subject` (issuer and subject) names.
-- `frameworks` is a JSON array of identifiers, or NULL for all. Times are microseconds since 1970 in UTC.
CREATE TABLE users (
    name        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    password    TEXT COLLATE "C",
    subject     TEXT COLLATE "C" UNIQUE,
    role        TEXT COLLATE "C" NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    frameworks  TEXT COLLATE "C",
    created_at  BIGINT  NOT NULL,
    disabled_at BIGINT
);

-- Who is signed in. The secret of the cookie is not here: `hash` is its SHA-256 in hexadecimal.
CREATE TABLE sessions (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    hash       TEXT COLLATE "C" NOT NULL,
    user_name  TEXT COLLATE "C" NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    agent      TEXT COLLATE "C" NOT NULL,
    created_at BIGINT  NOT NULL,
    seen_at    BIGINT  NOT NULL,
    ends_at    BIGINT  NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_name);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- Names that were tried with wrong passwords, whether there is such a user or not: `name` is a hash.
CREATE TABLE sign_in_failures (
    name     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    failures BIGINT  NOT NULL,
    last_at  BIGINT  NOT NULL
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);
