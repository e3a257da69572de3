// Fragment: which of some things are there now.
// $things: list of string - their ids
// Returns there: list of string, stale.
RETURN
  COLLECT {
    MATCH (thing:Anchor)
    WHERE thing.utcs IN $things AND thing.version IS NOT NULL
    RETURN thing.utcs
    ORDER BY thing.utcs
  } AS there,
  «stale» AS stale
