-- One row for each published framework.
CREATE TABLE documents (
    id          TEXT    NOT NULL PRIMARY KEY,
    revision_id INTEGER NOT NULL
) STRICT;

-- Every object of every class, once for each package that carries it. `body` is its CASE 1.1 JSON
-- in package context; the other columns are what it is found and ordered by.
CREATE TABLE objects (
    package_id  TEXT    NOT NULL,
    class       TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    home_id     TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    received    TEXT,
    origin      TEXT,
    destination TEXT,
    body        TEXT    NOT NULL,
    PRIMARY KEY (id, class, package_id)
) STRICT;
CREATE INDEX objects_in_package ON objects (package_id, class, position);
CREATE INDEX objects_by_origin ON objects (origin) WHERE origin IS NOT NULL;
CREATE INDEX objects_by_destination ON objects (destination) WHERE destination IS NOT NULL;
CREATE INDEX objects_by_received ON objects (received) WHERE received IS NOT NULL;

-- Each applied import; `undo` holds what the rows were before (zstd of JSON), `report` what the
-- reader said. Times are microseconds since 1970 in UTC.
CREATE TABLE revisions (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    document_id TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    source      TEXT    NOT NULL,
    summary     TEXT    NOT NULL,
    report      BLOB    NOT NULL,
    undo        BLOB    NOT NULL,
    undone_at   INTEGER
) STRICT;
CREATE INDEX revisions_of_document ON revisions (document_id, id);

-- What derived state follows: numbers are in commit order and are never used twice.
CREATE TABLE changes (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    document_id TEXT    NOT NULL,
    revision_id INTEGER NOT NULL,
    at          INTEGER NOT NULL
) STRICT;

-- Small facts of the installation, such as which edition of a bundled framework was loaded.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
