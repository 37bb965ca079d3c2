DROP TABLE mirrored;
DROP TABLE mirrors;
DROP TABLE downloads;
