// Tells how far the change log goes.
// Returns seq, recorded_at.
MATCH (log:Log {name: 'changes'})
RETURN log.seq AS seq, log.recorded_at AS recorded_at
