// Fragment: some things that are there now.
// $things: list of string - their ids
MATCH (thing:Anchor)
WHERE thing.utcs IN $things AND thing.version IS NOT NULL
WITH thing
