// Fragment: what belongs to a scope besides its root, with how many links the shortest way to it has.
// $utcs: string - the root
// $most: integer - so many things are returned at most
// Returns things: list of [utcs, depth].
MATCH (start:Anchor {utcs: $utcs})
RETURN
  COLLECT {
    «step»
    RETURN [thing.utcs, depth]
    LIMIT $most
  } AS things
