// Counts dead letters.
// $states: list of string - open, resent, mended, discarded
// $source: string, or null for all
// $code: string, or null for all
// $since: integer - refused last at this moment or later, microseconds
// $until: integer - and before this one
// Returns letters.
// :param {states: ['open'], source: null, code: null, since: 0, until: 1}
MATCH (r:Refusal)
WHERE r.state IN $states
  AND r.last_at >= $since
  AND r.last_at < $until
  AND ($source IS NULL OR r.source = $source)
  AND ($code IS NULL OR r.code = $code)
RETURN count(r) AS letters
