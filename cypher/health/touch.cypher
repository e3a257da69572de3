// Takes the lock of the change log by a write that changes nothing, which only works where the log can be written.
// Returns name.
MATCH (log:Log {name: 'changes'})
SET log.locked = true
RETURN log.name AS name
