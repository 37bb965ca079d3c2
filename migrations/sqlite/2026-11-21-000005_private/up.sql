-- Frameworks that not everybody may see, and why: `draft` follows from the stored adoption status,
-- `marked` is somebody's word, given before or after the framework is stored.
CREATE TABLE private (
    document_id TEXT NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (document_id, reason)
) STRICT;
INSERT INTO private (document_id, reason)
SELECT id, 'draft' FROM objects
WHERE class = 'CFDocument' AND package_id = id
  AND lower(replace(json_extract(body, '$.adoptionStatus'), ' ', '')) = 'privatedraft';
