// Returns the rows of belief of one link type, which stands in the gap, into things.
// $targets: list of string - the things
// Returns rows, a list of lists, as load_touching does.
// :param {targets: ['utcs:A:part:1']}
UNWIND $targets AS utcs
MATCH (t:Anchor {utcs: utcs})
WITH t
MATCH (t)<-[r:«link»|«link»_PAST]-()
WITH DISTINCT r
MATCH (c:Change {seq: r.made})
RETURN collect([
  startNode(r).utcs, split(type(r), '_PAST')[0], endNode(r).utcs, r.slot,
  r.valid_from, r.valid_to, r.recorded_at, r.made, coalesce(r.off, false), elementId(r),
  c.rank, c.time, c.source, c.id
]) AS rows
