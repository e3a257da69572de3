// Writes the head of the change log as it is, which only works where the log can be written.
// Returns seq.
MATCH (log:Log {name: 'changes'})
SET log.seq = log.seq
RETURN log.seq AS seq
