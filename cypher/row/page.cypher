// Locks the change log, then returns all rows of belief of some things, and of the links that leave them, up to some time.
// A row that the event that made it replaced at once was never believed, and is left out.
// $after: string - the last thing of the page before; '' for the first page
// $limit: integer - how many things at most
// $until: integer - what was recorded later is left out, microseconds
// Returns last: the last thing of the page, or null; things: list of map, links: list of [source, link type, target, map].
// :param {after: '', limit: 100, until: 0}
MATCH (log:Log {name: 'changes'})
SET log.locked = true
WITH log
CALL () {
  MATCH (a:Anchor)
  WHERE a.utcs > $after
  WITH a
  ORDER BY a.utcs
  LIMIT $limit
  RETURN collect(a) AS page
}
CALL (page) {
  UNWIND page AS a
  MATCH (a)-[:VERSION]->(v:Version)
  WHERE v.recorded_at < v.superseded_at AND v.recorded_at <= $until
  RETURN collect(properties(v)) AS things
}
CALL (page) {
  UNWIND page AS a
  MATCH (a)-[r:!VERSION]->(t:Anchor)
  WHERE r.recorded_at < r.superseded_at AND r.recorded_at <= $until
  RETURN collect([a.utcs, coalesce(r.was, split(type(r), '_PAST')[0]), t.utcs, properties(r)]) AS links
}
RETURN page[-1].utcs AS last, things, links
