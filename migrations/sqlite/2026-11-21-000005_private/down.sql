DROP TABLE private;
