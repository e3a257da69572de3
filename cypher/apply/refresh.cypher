// Makes the anchors of things carry the version that is true now, or none.
// $things: list of {utcs, labels} - the things, each with the labels of its kind
// $now: integer - the present, microseconds
// $far: integer - the far future, microseconds
// Returns nothing.
// :param {things: [{utcs: 'utcs:A:part:1', labels: ['Part']}], now: 0, far: 253402300799999999}
UNWIND $things AS thing
MATCH (a:Anchor {utcs: thing.utcs})
CALL (a) {
  MATCH (a)-[:VERSION]->(v:Version)
  WITH max(v.n) AS n, [v IN collect(v) WHERE v.superseded_at = $far] AS live
  RETURN n, live, [v IN live WHERE v.valid_from <= $now AND $now < v.valid_to][0] AS current
}
WITH a, thing, n, live, current,
     reduce(low = $far, v IN live | CASE WHEN v.valid_from < low AND v.valid_from < v.valid_to THEN v.valid_from ELSE low END) AS born,
     reduce(low = $far, v IN live | CASE WHEN v.valid_from > $now AND v.valid_from < low THEN v.valid_from ELSE low END) AS next,
     any(v IN live WHERE v.off) AS gaps,
     a.kind AS kind
FOREACH (v IN live | SET v:History)
SET a = coalesce(properties(current), {})
FOREACH (v IN CASE WHEN current IS NULL THEN [] ELSE [current] END | REMOVE v:History SET a:$(thing.labels))
FOREACH (_ IN CASE WHEN current IS NULL THEN [1] ELSE [] END | REMOVE a:$(thing.labels))
SET a.utcs = thing.utcs,
    a.kind = kind,
    a.version = current.n,
    a.n = n,
    a.born = born,
    a.gaps = CASE WHEN gaps THEN true END,
    a.stale_at = CASE WHEN next < $far THEN next END
REMOVE a.valid_to, a.superseded_at, a.made, a.hash, a.off
