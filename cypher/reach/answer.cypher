// Fragment: what a thing reaches over links, nearest first, and how many there are at each depth.
// $utcs: string - the thing
// Returns exists, page: list of [utcs, kind, name, depth], levels: list of [depth, kind, number], stale.
MATCH (start:Anchor {utcs: $utcs})
RETURN
  «exists» AS exists,
  COLLECT {
    «page»
  } AS page,
  COLLECT {
    «levels»
  } AS levels,
  «stale» AS stale
