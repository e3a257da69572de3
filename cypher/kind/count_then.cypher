// Fragment: how many things of some kinds there are at a time, as known at a time.
// $kinds: list of strings
// Returns total, stale.
RETURN
  COUNT {
    MATCH (row:Version)
    WHERE row.kind IN $kinds AND «holds»
  } AS total,
  «stale» AS stale
