// Returns the rows of belief of one link type, which stands in the gap, in slots of things.
// $filled: list of [source, list of slot] - the things, each with the slots
// Returns rows, a list of lists, as load_touching does.
// :param {filled: [['utcs:A:part:1', ['10']]]}
UNWIND $filled AS slots
MATCH (s:Anchor {utcs: slots[0]})
WITH s, slots
MATCH (s)-[r:«link»|«link»_PAST]->()
WHERE r.slot IN slots[1]
WITH DISTINCT r
MATCH (c:Change {seq: r.made})
RETURN collect([
  startNode(r).utcs, split(type(r), '_PAST')[0], endNode(r).utcs, r.slot,
  r.valid_from, r.valid_to, r.recorded_at, r.made, coalesce(r.off, false), elementId(r),
  c.rank, c.time, c.source, c.id
]) AS rows
