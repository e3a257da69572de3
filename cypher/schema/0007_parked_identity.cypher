// A parked event is kept once.
CREATE CONSTRAINT parked_identity IF NOT EXISTS
FOR (p:Parked) REQUIRE (p.source, p.id) IS UNIQUE
