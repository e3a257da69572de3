// Fragment: the links in doubt that lead to things of a page of a trace or impact, from what is nearer.
// $utcs: string - the thing where the question started
// $depths: map of integer - how many links each thing of the page is away
// Returns suspect: list of [type, source, target, slot], stale.
MATCH (start:Anchor {utcs: $utcs})
RETURN
  COLLECT {
    CALL (start) {
      RETURN start AS near, 0 AS nearness
      UNION
      «step»
      RETURN thing AS near, depth AS nearness
    }
    MATCH (near)«left»[link:«types»]«right»(far)
    WHERE nearness < $depths[far.utcs] AND «holds»
    «ends»
    «judge»
    RETURN DISTINCT [«type», startNode(link).utcs, endNode(link).utcs, link.slot]
  } AS suspect,
  «stale» AS stale
