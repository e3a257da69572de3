// Reads the change log, in its order.
// $after: integer - the number of the last entry that is known already; 0 for the beginning
// $limit: integer - how many at most
// Returns entry: map.
// :param {after: 0, limit: 100}
MATCH (entry:Change)
WHERE entry.seq > $after
RETURN properties(entry) AS entry
ORDER BY entry.seq
LIMIT $limit
