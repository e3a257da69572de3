// Lists identifiers that begin alike.
// $prefix: string - how they begin
// $limit: integer - how many at most
// Returns utcs.
// :param {prefix: 'utcs:A:part:', limit: 100}
MATCH (thing:Anchor)
WHERE thing.utcs STARTS WITH $prefix
RETURN thing.utcs AS utcs
ORDER BY utcs
LIMIT $limit
