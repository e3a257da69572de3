// Creates what is new: things nobody had heard of, names, links, and the log of the events that stated it all.
// $things: list of {labels, properties} - each becomes an anchor that is its own version
// $aliases: list of {key, utcs} - alias keys and the things that bear them
// $links: list of {source, target, type, properties} - rows of belief
// $changes: list of {seq, source, id, type, subject, time, recorded_at, actor, rank, event, hash, hashes, cleared}
// $seq: integer - the number of the last event
// $recorded_at: integer - the time of recording of the last event, microseconds
// Returns nothing.
// :param {things: [], aliases: [], links: [], changes: [], seq: 0, recorded_at: 0}
MATCH (log:Log {name: 'changes'})
SET log.seq = $seq,
    log.recorded_at = $recorded_at
WITH log
CALL () {
  UNWIND $things AS row
  CREATE (a:Anchor:Version:$(row.labels))
  SET a = row.properties
  CREATE (a)-[:VERSION]->(a)
}
CALL () {
  UNWIND $aliases AS row
  MATCH (a:Anchor {utcs: row.utcs})
  MERGE (k:Alias {key: row.key})
  MERGE (k)-[:NAMES]->(a)
}
CALL () {
  UNWIND $links AS row
  MATCH (s:Anchor {utcs: row.source})
  MATCH (t:Anchor {utcs: row.target})
  CREATE (s)-[r:$(row.type)]->(t)
  SET r = row.properties
}
CALL () {
  UNWIND $changes AS row
  CREATE (c:Change)
  SET c = row
}
