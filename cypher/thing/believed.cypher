// Returns what is believed now of things and links, each at a moment: to tell what a file says anew.
// $things: list of [number, utcs, time] - things, numbered by the caller, each at a time in microseconds
// $links: list of [number, source, type, target, slot, time] - links in the same way; slot may be null
// $far: integer - the far future, microseconds
// Returns things: list of [number, hash], links: list of [number, properties]; nothing for what is not there then.
// :param {things: [[0, 'utcs:A:part:1', 0]], links: [[1, 'utcs:A:part:1', 'REFERS_TO', 'utcs:A:part:2', null, 0]], far: 253402300799999999}
CALL () {
  UNWIND $things AS wanted
  MATCH (:Anchor {utcs: wanted[1]})-[:VERSION]->(v:Version)
  WHERE v.superseded_at = $far AND v.valid_from <= wanted[2] AND v.valid_to > wanted[2]
  RETURN collect([wanted[0], v.hash]) AS things
}
CALL () {
  UNWIND $links AS wanted
  MATCH (s:Anchor {utcs: wanted[1]})
  MATCH (t:Anchor {utcs: wanted[3]})
  MATCH (s)-[r]->(t)
  WHERE type(r) IN [wanted[2], wanted[2] + '_PAST']
    AND coalesce(r.slot, '') = coalesce(wanted[4], '')
    AND r.valid_from <= wanted[5] AND r.valid_to > wanted[5]
  RETURN collect([wanted[0], properties(r)]) AS links
}
RETURN things, links
