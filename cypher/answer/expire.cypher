// Forgets answers that have been kept long enough.
// $now: integer - the present, microseconds
// $limit: integer - how many at most
// Returns forgotten.
// :param {now: 0, limit: 1000}
MATCH (a:Answer)
WHERE a.expires_at <= $now
WITH a
LIMIT $limit
DELETE a
RETURN count(*) AS forgotten
