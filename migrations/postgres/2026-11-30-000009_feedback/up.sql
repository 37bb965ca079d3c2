-- What somebody decided of a text and an item. `text_key` is a SHA-256, in hexadecimal, of name and text in the form in
-- which they are compared; `name` is empty where there is none. `scope` is a framework, or empty: the decision counts
-- only where nothing but that is aligned to. Times are microseconds since 1970 in UTC.
CREATE TABLE feedback (
    id          BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text_key    TEXT COLLATE "C" NOT NULL,
    item_id     TEXT COLLATE "C" NOT NULL,
    scope       TEXT COLLATE "C" NOT NULL,
    decision    TEXT COLLATE "C" NOT NULL CHECK (decision IN ('accepted', 'rejected')),
    name        TEXT COLLATE "C" NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    note        TEXT COLLATE "C",
    decided_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX feedback_of ON feedback (text_key, item_id, scope);
