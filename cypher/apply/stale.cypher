// Locks the change log, then returns the things whose copy has gone stale by the clock alone.
// $now: integer - the present, microseconds
// $limit: integer - how many at most
// Returns utcs, kind.
// :param {now: 0, limit: 1000}
MATCH (log:Log {name: 'changes'})
SET log.locked = true
WITH log
MATCH (a:Anchor)
WHERE a.stale_at <= $now
RETURN a.utcs AS utcs, a.kind AS kind
ORDER BY a.stale_at, utcs
LIMIT $limit
