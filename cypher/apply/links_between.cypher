// Returns the rows of belief of one link type, which stands in the gap, between pairs of things.
// $pairs: list of [source, target] - the things
// Returns rows, a list of lists, as load_touching does.
// :param {pairs: [['utcs:A:part:1', 'utcs:A:part:2']]}
UNWIND $pairs AS pair
MATCH (s:Anchor {utcs: pair[0]})
MATCH (t:Anchor {utcs: pair[1]})
WITH s, t
MATCH (s)-[r:«link»|«link»_PAST]->(t)
WITH DISTINCT r
MATCH (c:Change {seq: r.made})
RETURN collect([
  startNode(r).utcs, split(type(r), '_PAST')[0], endNode(r).utcs, r.slot,
  r.valid_from, r.valid_to, r.recorded_at, r.made, coalesce(r.off, false), elementId(r),
  c.rank, c.time, c.source, c.id
]) AS rows
