// Returns the rows of belief of every link that touches things which may cease to exist.
// $utcs: list of string - the things
// $far: integer - the far future, microseconds
// Returns rows, a list of lists, as the links_… statements do.
// :param {utcs: ['utcs:AMPEL360:part:P-1'], far: 253402300799999999}
UNWIND $utcs AS utcs
MATCH (:Anchor {utcs: utcs})-[r]-(:Anchor)
WHERE r.superseded_at = $far
WITH DISTINCT r
MATCH (c:Change {seq: r.made})
RETURN collect([
  startNode(r).utcs, split(type(r), '_PAST')[0], endNode(r).utcs, r.slot,
  r.valid_from, r.valid_to, r.recorded_at, r.made, coalesce(r.off, false), elementId(r),
  c.rank, c.time, c.source, c.id
]) AS rows
