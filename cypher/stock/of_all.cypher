// Fragment: all parts, as their stock is told.
// $start: string - the first id that may be told
MATCH (part:Anchor)
WHERE part.kind = 'part' AND part.utcs >= $start
