CREATE INDEX changes_of_document ON changes (document_id, seq);
