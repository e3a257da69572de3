// Returns dead letters, those refused last first.
// $states: list of string - open, resent, mended, discarded
// $source: string, or null for all
// $code: string, or null for all
// $since: integer - refused last at this moment or later, microseconds
// $until: integer - and before this one
// $at: integer - where the page before ended
// $hash: string - the letter with which it ended
// $limit: integer - how many at most
// Returns letter: map, without the document.
// :param {states: ['open'], source: null, code: null, since: 0, until: 1, at: 1, hash: '', limit: 100}
MATCH (r:Refusal)
WHERE r.state IN $states
  AND r.last_at >= $since
  AND r.last_at < $until
  AND ($source IS NULL OR r.source = $source)
  AND ($code IS NULL OR r.code = $code)
  AND (r.last_at < $at OR r.hash > $hash AND r.last_at = $at)
WITH r
ORDER BY r.last_at DESC, r.hash
LIMIT $limit
RETURN r {
  .hash, .source, .id, .group, .actor, .code, .reason, .size, .attempts, .first_at, .last_at, .state, .endpoint
} AS letter
ORDER BY letter.last_at DESC, letter.hash
