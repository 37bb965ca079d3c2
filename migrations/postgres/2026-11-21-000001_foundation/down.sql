DROP TABLE settings;
DROP TABLE changes;
DROP TABLE revisions;
DROP TABLE objects;
DROP TABLE documents;
