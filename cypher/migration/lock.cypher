// Holds everybody else off until the transaction ends.
// Returns nothing.
MERGE (l:Log {name: 'migrations'})
SET l.locked = true
