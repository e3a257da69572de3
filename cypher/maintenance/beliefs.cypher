// Locks the change log, then returns all that was ever believed of some records of maintenance and of what they lead to.
// Those are the records that defer, were found in or release one of them, and those that these in turn rest on.
// Rows that say that a thing or link is no more, and rows that never held, are left out.
// $records: list of string - work orders, findings, deferrals, alerts, releases
// $links: list of string - the link types of which rows are wanted
// Returns things: list of map, links: list of [source, link type, target, map].
// :param {records: ['utcs:A:workorder:1'], links: ['WORKS_ON', 'EXECUTES']}
MATCH (log:Log {name: 'changes'})
SET log.locked = true
WITH log
CALL () {
  UNWIND $records AS utcs
  MATCH (:Anchor {utcs: utcs})<-[onto:DEFERS|DEFERS_PAST|FOUND_IN|FOUND_IN_PAST|RELEASES|RELEASES_PAST|PAST_BELIEF*0..2]-(owner)
  WHERE all(r IN onto WHERE coalesce(r.was, 'DEFERS') IN ['DEFERS', 'FOUND_IN', 'RELEASES'])
  WITH DISTINCT owner
  MATCH (owner)-[along:DEFERS|DEFERS_PAST|FOUND_IN|FOUND_IN_PAST|RELEASES|RELEASES_PAST|PAST_BELIEF*0..2]->(record)
  WHERE all(r IN along WHERE coalesce(r.was, 'DEFERS') IN ['DEFERS', 'FOUND_IN', 'RELEASES'])
  RETURN collect(DISTINCT record) AS found
}
CALL (found) {
  UNWIND found AS record
  MATCH (record)-[:VERSION]->(v:Version)
  WHERE v.recorded_at < v.superseded_at AND v.valid_from < v.valid_to AND NOT coalesce(v.off, false)
  RETURN collect(properties(v)) AS things
}
CALL (found) {
  UNWIND found AS record
  MATCH (record)-[r:!VERSION]->(t:Anchor)
  WHERE coalesce(r.was, split(type(r), '_PAST')[0]) IN $links
    AND r.recorded_at < r.superseded_at AND r.valid_from < r.valid_to AND NOT coalesce(r.off, false)
  RETURN collect([record.utcs, coalesce(r.was, split(type(r), '_PAST')[0]), t.utcs, properties(r)]) AS links
}
RETURN things, links
