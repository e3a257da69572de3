// Fragment: a window of the things of a kind, in the order of their ids, whether they are there or not.
// $kind: string - the kind
// $start: string - the first id that may be listed
// $limit: integer - how many at most
MATCH (thing:Anchor)
WHERE thing.kind = $kind AND thing.utcs >= $start
WITH thing
ORDER BY thing.utcs
LIMIT $limit
