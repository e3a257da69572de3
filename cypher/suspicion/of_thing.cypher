// Fragment: the links of one thing, whichever way they lead.
// $other: string - what stands at their other end; null for anything
MATCH (one)-[link:«types»]-(far)
WHERE ($other IS NULL OR far.utcs = $other) AND «holds»
