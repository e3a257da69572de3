// An alias is one node, whoever bears it and when.
CREATE CONSTRAINT alias_key IF NOT EXISTS
FOR (k:Alias) REQUIRE k.key IS UNIQUE
