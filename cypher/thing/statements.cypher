// Returns the statements that are believed of things and hold at some time, each with the event that made it.
// $things: list of string - the things
// $far: integer - the far future, microseconds
// Returns utcs, valid_from, valid_to, source, id, actor; of each thing in the order of time.
// :param {things: ['utcs:A:part:1'], far: 253402300799999999}
UNWIND $things AS utcs
MATCH (:Anchor {utcs: utcs})-[:VERSION]->(v:Version)
WHERE v.superseded_at = $far AND v.valid_from < v.valid_to
MATCH (c:Change {seq: v.made})
RETURN utcs, v.valid_from AS valid_from, v.valid_to AS valid_to, c.source AS source, c.id AS id,
  c.actor AS actor
ORDER BY utcs, valid_from
