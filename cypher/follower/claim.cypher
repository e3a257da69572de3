// Takes the lease of a follower, unless somebody else holds it; a follower that is new begins with the log.
// The one clock is the server's, so that processes on several machines agree on when a lease is over.
// $name: string - the follower
// $holder: string - who asks
// $lease_ms: integer - how long the lease is to last
// Returns seq, the last entry that the follower is done with; no row if somebody else holds the lease.
// :param {name: 'utcs.changes', holder: 'a', lease_ms: 30000}
MERGE (f:Follower {name: $name})
ON CREATE SET f.seq = 0
SET f.locked = true
WITH f
WHERE f.holder IS NULL OR f.holder = $holder OR f.leased_until <= timestamp()
SET f.holder = $holder,
    f.leased_until = timestamp() + $lease_ms
RETURN f.seq AS seq
