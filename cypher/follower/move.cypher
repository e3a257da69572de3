// Moves the cursor of a follower, for the one who holds its lease and knows where it stands; nothing troubles it then.
// $name: string - the follower
// $holder: string - who holds the lease
// $lease_ms: integer - how long the lease is to last
// $before: integer - where the cursor stands
// $after: integer - the last entry that the follower is done with now
// Returns seq; no row if somebody else holds the lease, or moved the cursor.
// :param {name: 'utcs.changes', holder: 'a', lease_ms: 30000, before: 0, after: 100}
MATCH (f:Follower {name: $name})
SET f.locked = true
WITH f
WHERE f.holder = $holder AND f.seq = $before
SET f.seq = $after,
    f.leased_until = timestamp() + $lease_ms
REMOVE f.trouble, f.failing_since
RETURN f.seq AS seq
