// Appends events to the change log and moves its counter on.
// $rows: list of {seq, source, id, type, subject, time, recorded_at, actor, rank, event, hash, hashes}
// $seq: integer - the number of the last event
// $recorded_at: integer - the time of recording of the last event, microseconds
// Returns nothing.
// :param {rows: [], seq: 0, recorded_at: 0}
MATCH (log:Log {name: 'changes'})
SET log.seq = $seq,
    log.recorded_at = $recorded_at
WITH log
UNWIND $rows AS row
CREATE (c:Change)
SET c = row
