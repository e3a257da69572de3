// A follower has one cursor.
CREATE CONSTRAINT follower_name IF NOT EXISTS
FOR (f:Follower) REQUIRE f.name IS UNIQUE
