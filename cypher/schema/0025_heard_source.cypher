// Of each source it is known once when it last spoke.
CREATE CONSTRAINT heard_source IF NOT EXISTS
FOR (h:Heard) REQUIRE h.source IS UNIQUE
