DROP TABLE audit;
DROP TABLE access_tokens;
DROP TABLE tokens;
