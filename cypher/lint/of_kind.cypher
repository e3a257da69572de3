// Fragment: a window of the things of a kind, in the order of their ids.
// $kind: string - the kind, and none that extends it
// $start: string - the first id that may be listed
// $limit: integer - how many at most
MATCH (thing:Anchor)
WHERE thing.kind = $kind AND thing.utcs >= $start AND «exists»
WITH thing
ORDER BY thing.utcs
LIMIT $limit
