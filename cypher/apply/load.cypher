// Locks the change log, then returns all that a batch needs to know of events, things and aliases.
// $events: list of [source, id] - identities of the batch's events
// $ends: list of string - things of which only the existence matters
// $stated: list of string - things whose whole timeline matters
// $aliases: list of string - alias keys that the batch states
// $far: integer - the far future, microseconds
// Returns seq, recorded_at, parked (how many wait), events, ends, stated, holders.
// :param {events: [['urn:a', '1']], ends: [], stated: [], aliases: [], far: 253402300799999999}
MATCH (log:Log {name: 'changes'})
SET log.locked = true
WITH log
CALL () {
  MATCH (p:Parked)
  RETURN count(p) AS parked
}
CALL () {
  UNWIND $events AS event
  MATCH (c:Change {source: event[0], id: event[1]})
  RETURN collect([c.source, c.id, c.seq, c.hash]) AS events
}
CALL () {
  UNWIND $ends AS utcs
  MATCH (a:Anchor {utcs: utcs})
  RETURN collect([a.utcs, a.kind, a.n, a.born, coalesce(a.gaps, false)]) AS ends
}
CALL () {
  UNWIND $stated AS utcs
  MATCH (a:Anchor {utcs: utcs})
  CALL (a) {
    MATCH (a)-[:VERSION]->(v:Version)
    WHERE v.superseded_at = $far
    MATCH (c:Change {seq: v.made})
    RETURN collect([
      v.valid_from, v.valid_to, v.recorded_at, v.made, coalesce(v.off, false), elementId(v),
      c.rank, c.time, c.source, c.id, v.n, v.aliases, v.hash, v.merged_into,
      CASE
        WHEN v.merkle_root IS NOT NULL THEN [v.merkle_root, v.rule, v.as_of, v.known_at, v.members]
      END,
      CASE
        WHEN a.kind = 'usage' THEN [
          v.measured_at, v.total_fh, v.total_fc, v.operating_h, v.landings, v.tank_fillings
        ]
      END
    ]) AS rows
  }
  RETURN collect([a.utcs, a.kind, a.n, rows]) AS stated
}
CALL () {
  UNWIND $aliases AS key
  MATCH (:Alias {key: key})-[:NAMES]->(a:Anchor)
  RETURN collect([key, a.utcs]) AS holders
}
RETURN log.seq AS seq, log.recorded_at AS recorded_at, parked, events, ends, stated, holders
