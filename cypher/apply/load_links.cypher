// Returns the rows of belief of one link type, which stands in the gap, that a batch has to be held against.
// $pairs: list of [source, target] - links that the batch states, both ends known
// $sources: list of string - things whose links out are limited in number
// $slots: list of [source, list of slot] - slots that the batch fills or frees
// $targets: list of string - things whose links in are limited in number
// $roots: list of string - things from which a cycle might be closed
// $far: integer - the far future, microseconds
// Returns rows, a list of lists.
// :param {pairs: [], sources: [], slots: [], targets: [], roots: [], far: 253402300799999999}
CALL () {
  UNWIND $pairs AS pair
  MATCH (:Anchor {utcs: pair[0]})-[r:«link»|«link»_PAST]->(:Anchor {utcs: pair[1]})
  RETURN r
  UNION
  UNWIND $sources AS utcs
  MATCH (:Anchor {utcs: utcs})-[r:«link»|«link»_PAST]->()
  RETURN r
  UNION
  UNWIND $slots AS filled
  MATCH (:Anchor {utcs: filled[0]})-[r:«link»|«link»_PAST]->()
  WHERE r.slot IN filled[1]
  RETURN r
  UNION
  UNWIND $targets AS utcs
  MATCH (:Anchor {utcs: utcs})<-[r:«link»|«link»_PAST]-()
  RETURN r
  UNION
  UNWIND $roots AS utcs
  MATCH (:Anchor {utcs: utcs})
    (()-[:«link»|«link»_PAST]->()){0,60}
    ()-[r:«link»|«link»_PAST]->()
  RETURN r
}
WITH DISTINCT r
WHERE r.superseded_at = $far
MATCH (c:Change {seq: r.made})
RETURN collect([
  startNode(r).utcs, '«link»', endNode(r).utcs, r.slot,
  r.valid_from, r.valid_to, r.recorded_at, r.made, coalesce(r.off, false), elementId(r),
  c.rank, c.time, c.source, c.id
]) AS rows
