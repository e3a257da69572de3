// Prolongs the lease of a follower for the one who holds it.
// $name: string - the follower
// $holder: string - who holds the lease
// $lease_ms: integer - how long the lease is to last
// Returns seq; no row if somebody else holds the lease.
// :param {name: 'utcs.changes', holder: 'a', lease_ms: 30000}
MATCH (f:Follower {name: $name})
SET f.locked = true
WITH f
WHERE f.holder = $holder
SET f.leased_until = timestamp() + $lease_ms
RETURN f.seq AS seq
