// Fragment: a page of what is reached, nearest first. Reads no further than the page, as depths come in order.
// $kinds: list of strings, or null for all
// $depth: integer - how far at most
// $after_depth: integer, $after_utcs: string - where the page before ended
// $limit: integer - how many at most
«step»
WITH thing, depth, thing.utcs AS utcs
WHERE depth <= $depth
  AND ($kinds IS NULL OR thing.kind IN $kinds)
  AND (depth > $after_depth OR (depth = $after_depth AND utcs > $after_utcs))
ORDER BY depth, utcs
LIMIT $limit
RETURN [utcs, thing.kind, «name», depth]
