// Counts what an operator watches: the head of the change log, and what is parked, refused, unsettled or overtaken.
// $now: integer - the time now, microseconds
// Returns head_seq, parked, refused, open, stale.
// :param {now: 1767225600000000}
OPTIONAL MATCH (log:Log {name: 'changes'})
RETURN coalesce(log.seq, 0) AS head_seq,
       COUNT { MATCH (:Parked) } AS parked,
       COUNT { MATCH (:Refusal) } AS refused,
       COUNT { MATCH (letter:Refusal) WHERE letter.state = 'open' AND letter.last_at >= 0 } AS open,
       COUNT { MATCH (thing:Anchor) WHERE thing.stale_at <= $now } AS stale
