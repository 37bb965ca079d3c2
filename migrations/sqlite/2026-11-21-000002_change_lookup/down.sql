DROP INDEX changes_of_document;
