-- Frameworks that not everybody may see, and why: `draft` follows from the stored adoption status,
-- `marked` is somebody's word, given before or after the framework is stored.
CREATE TABLE private (
    document_id TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (document_id, reason)
);
INSERT INTO private (document_id, reason)
SELECT id, 'draft' FROM objects
WHERE class = 'CFDocument' AND package_id = id
  AND lower(replace(body::json ->> 'adoptionStatus', ' ', '')) = 'privatedraft';
