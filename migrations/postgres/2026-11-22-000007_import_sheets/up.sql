-- Spreadsheets over HTTP: how one was understood (`layout`: JSON, packed with zstd; empty for a
-- package), and how far reading it is (`progress`: JSON, only while `state` is `reading`). Such an
-- import is read by the run that began at `read_at`; `touched_at` tells that it still goes on.
-- `result` of a `failed` one is the problem.
ALTER TABLE imports ADD COLUMN layout BYTEA NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN progress TEXT COLLATE "C";
