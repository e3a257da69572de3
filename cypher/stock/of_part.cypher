// Fragment: one part, as its stock is told.
// $part: string - the part
// $start: string - not before this id; the part stands on the first page
MATCH (part:Anchor {utcs: $part})
WHERE part.utcs >= $start
