// A refused document is kept once, with how often it came.
CREATE CONSTRAINT refusal_hash IF NOT EXISTS
FOR (r:Refusal) REQUIRE r.hash IS UNIQUE
