// Returns the hashes of the open dead letters of one group, in the order in which they were first refused.
// $source: string - who sent it
// $group: string - what its events have in common
// Returns hash.
// :param {source: 'urn:a', group: 'g'}
MATCH (r:Refusal)
WHERE r.state = 'open'
  AND r.last_at >= 0
  AND r.source = $source
  AND r.group = $group
RETURN r.hash AS hash
ORDER BY r.first_at, r.id, hash
