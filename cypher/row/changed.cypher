// Locks the change log, then returns the rows of belief of things and links that came or went in a span of knowledge.
// A row that the event that made it replaced at once was never believed, and is left out.
// $things: list of string - the things
// $links: list of [source, link type, target, slot] - the links; slot may be null
// $since: integer - the end of the span before, microseconds
// $until: integer - the last moment of the span, microseconds
// Returns things: list of map, links: list of [source, link type, target, map].
// :param {things: ['utcs:A:part:1'], links: [['utcs:A:part:1', 'REFERS_TO', 'utcs:A:part:2', null]], since: 0, until: 0}
MATCH (log:Log {name: 'changes'})
SET log.locked = true
WITH log
CALL () {
  UNWIND $things AS utcs
  MATCH (:Anchor {utcs: utcs})-[:VERSION]->(v:Version)
  WHERE v.recorded_at < v.superseded_at
    AND ($since < v.recorded_at <= $until OR $since < v.superseded_at <= $until)
  RETURN collect(properties(v)) AS things
}
CALL () {
  UNWIND $links AS wanted
  MATCH (s:Anchor {utcs: wanted[0]})
  MATCH (t:Anchor {utcs: wanted[2]})
  MATCH (s)-[r]->(t)
  WHERE coalesce(r.was, split(type(r), '_PAST')[0]) = wanted[1]
    AND coalesce(r.slot, '') = coalesce(wanted[3], '')
    AND r.recorded_at < r.superseded_at
    AND ($since < r.recorded_at <= $until OR $since < r.superseded_at <= $until)
  RETURN collect([s.utcs, wanted[1], t.utcs, properties(r)]) AS links
}
RETURN things, links
