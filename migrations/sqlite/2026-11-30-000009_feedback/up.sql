-- What somebody decided of a text and an item. `text_key` is a SHA-256, in hexadecimal, of name and text in the form in
-- which they are compared; `name` is empty where there is none. `scope` is a framework, or empty: the decision counts
-- only where nothing but that is aligned to. Times are microseconds since 1970 in UTC.
CREATE TABLE feedback (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    text_key    TEXT    NOT NULL,
    item_id     TEXT    NOT NULL,
    scope       TEXT    NOT NULL,
    decision    TEXT    NOT NULL CHECK (decision IN ('accepted', 'rejected')),
    name        TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    note        TEXT   ,
    decided_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX feedback_of ON feedback (text_key, item_id, scope);
