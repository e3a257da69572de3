// A thing has one anchor.
CREATE CONSTRAINT anchor_utcs IF NOT EXISTS
FOR (a:Anchor) REQUIRE a.utcs IS UNIQUE
