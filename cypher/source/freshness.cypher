// Tells of the sources that are registered, and of others that spoke, when each last did.
// $others: integer - how many of the others at most; those that spoke last come first
// Returns registered: list of [utcs, name, uri, interval_h, status, known_since, born, last_seq, last_at],
// others: list of [uri, last_seq, last_at]; times in microseconds.
// :param {others: 100}
CALL () {
  MATCH (s:Source)
  OPTIONAL MATCH (h:Heard {source: s.uri})
  CALL (s) {
    MATCH (s)-[:VERSION]->(v:Version)
    RETURN min(v.recorded_at) AS known_since
  }
  WITH s, h, known_since
  ORDER BY s.utcs
  RETURN collect([s.utcs, s.name, s.uri, s.interval_h, s.status, known_since, s.born, h.seq, h.recorded_at]) AS registered
}
CALL (registered) {
  WITH [r IN registered | r[2]] AS known
  MATCH (h:Heard)
  WHERE NOT h.source IN [uri IN known WHERE uri IS NOT NULL]
  WITH h
  ORDER BY h.recorded_at DESC, h.source
  LIMIT $others
  RETURN collect([h.source, h.seq, h.recorded_at]) AS others
}
RETURN registered, others
