-- One row for each published framework.
CREATE TABLE documents (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    revision_id BIGINT  NOT NULL
);

-- Every object of every class, once for each package that carries it. `body` is its CASE 1.1 JSON
-- in package context; the other columns are what it is found and ordered by.
CREATE TABLE objects (
    package_id  TEXT COLLATE "C" NOT NULL,
    class       TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    home_id     TEXT COLLATE "C" NOT NULL,
    position    BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    received    TEXT COLLATE "C",
    origin      TEXT COLLATE "C",
    destination TEXT COLLATE "C",
    body        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, class, package_id)
);
CREATE INDEX objects_in_package ON objects (package_id, class, position);
CREATE INDEX objects_by_origin ON objects (origin) WHERE origin IS NOT NULL;
CREATE INDEX objects_by_destination ON objects (destination) WHERE destination IS NOT NULL;
CREATE INDEX objects_by_received ON objects (received) WHERE received IS NOT NULL;

-- Each applied import; `undo` holds what the rows were before (zstd of JSON), `report` what the
-- reader said. Times are microseconds since 1970 in UTC.
CREATE TABLE revisions (
    id          BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id TEXT COLLATE "C" NOT NULL,
    at          BIGINT  NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    summary     TEXT COLLATE "C" NOT NULL,
    report      BYTEA   NOT NULL,
    undo        BYTEA   NOT NULL,
    undone_at   BIGINT
);
CREATE INDEX revisions_of_document ON revisions (document_id, id);

-- What derived state follows: numbers are in commit order and are never used twice.
CREATE TABLE changes (
    seq         BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id TEXT COLLATE "C" NOT NULL,
    revision_id BIGINT  NOT NULL,
    at          BIGINT  NOT NULL
);

-- Small facts of the installation, such as which edition of a bundled framework was loaded.
CREATE TABLE settings (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);
