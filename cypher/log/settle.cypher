// Waits for what is being committed, and tells how far the change log goes then.
// Returns seq, recorded_at (microseconds).
MATCH (log:Log {name: 'changes'})
SET log.locked = true
RETURN log.seq AS seq, log.recorded_at AS recorded_at
