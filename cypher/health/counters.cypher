// Counts what an operator watches: the head of the change log, and what is parked, refused or overtaken.
// $now: integer - the time now, microseconds
// Returns head_seq, parked, refused, stale.
// :param {now: 1767225600000000}
OPTIONAL MATCH (log:Log {name: 'changes'})
RETURN coalesce(log.seq, 0) AS head_seq,
       COUNT { MATCH (:Parked) } AS parked,
       COUNT { MATCH (:Refusal) } AS refused,
       COUNT { MATCH (thing:Anchor) WHERE thing.stale_at <= $now } AS stale
