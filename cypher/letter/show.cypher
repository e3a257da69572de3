// Returns the dead letters whose hash begins so, with the document and what was done about each.
// $prefix: string - the beginning of a hash
// $limit: integer - how many at most
// Returns letter: map, document (bytes; text of what earlier releases kept), settlements: list of map.
// :param {prefix: 'ab12', limit: 5}
MATCH (r:Refusal)
WHERE r.hash STARTS WITH $prefix
WITH r
ORDER BY r.hash
LIMIT $limit
RETURN r {
  .hash, .source, .id, .group, .actor, .code, .reason, .size, .attempts, .first_at, .last_at, .state, .endpoint
} AS letter,
coalesce(r.document, r.event) AS document,
COLLECT {
  MATCH (s:Settlement)-[:SETTLES]->(r)
  RETURN properties(s)
  ORDER BY s.number
} AS settlements
ORDER BY letter.hash
