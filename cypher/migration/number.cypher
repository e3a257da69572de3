// A migration is noted once.
// Returns nothing.
CREATE CONSTRAINT migration_number IF NOT EXISTS
FOR (m:Migration) REQUIRE m.number IS UNIQUE
