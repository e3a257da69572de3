// Locks the change log, and with it all dead letters, then returns how some of them stand.
// $hashes: list of string - the letters
// Returns hash, state.
// :param {hashes: ['ab12']}
MATCH (log:Log {name: 'changes'})
SET log.locked = true
WITH log
UNWIND $hashes AS hash
MATCH (r:Refusal {hash: hash})
RETURN hash, r.state AS state
ORDER BY hash
