// Gives the lease of a follower back, and keeps what troubled it, if something did.
// $name: string - the follower
// $holder: string - who holds the lease
// $trouble: string - why the follower could not go on; null if it could
// $now: integer - the present, microseconds
// Returns nothing.
// :param {name: 'utcs.changes', holder: 'a', trouble: null, now: 0}
MATCH (f:Follower {name: $name})
SET f.locked = true
WITH f
WHERE f.holder = $holder
SET f.trouble = coalesce($trouble, f.trouble),
    f.failing_since = CASE WHEN $trouble IS NULL THEN f.failing_since ELSE coalesce(f.failing_since, $now) END
REMOVE f.holder, f.leased_until
