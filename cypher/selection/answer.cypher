// Fragment: the answer to every root of a question in one row, and whether it must be asked again.
// $now: INTEGER, microseconds since 1970
// returns one column for each root, then stale: a copy on an anchor has ceased to hold by the clock
RETURN
  «roots»,
  EXISTS { MATCH (stale:Anchor) WHERE stale.stale_at <= $now } AS stale
