ALTER TABLE imports DROP COLUMN progress;
ALTER TABLE imports DROP COLUMN layout;
