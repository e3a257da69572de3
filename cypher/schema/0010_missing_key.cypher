// What is waited for is found by its key.
CREATE CONSTRAINT missing_key IF NOT EXISTS
FOR (m:Missing) REQUIRE m.key IS UNIQUE
