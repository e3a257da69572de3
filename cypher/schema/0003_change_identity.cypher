// An event is in the change log once.
CREATE CONSTRAINT change_identity IF NOT EXISTS
FOR (c:Change) REQUIRE (c.source, c.id) IS UNIQUE
