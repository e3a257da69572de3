// Fragment: the discrepancies that are about a thing at a moment.
// $utcs: string - the thing
// Returns rows: list of [utcs, properties], stale.
MATCH (thing:Anchor {utcs: $utcs})
RETURN
  COLLECT {
    MATCH (thing)<-[link:«types»]-(discrepancy)
    WHERE discrepancy.kind = 'discrepancy' AND «holds»
    MATCH (discrepancy)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [discrepancy.utcs, properties(row)]
    ORDER BY discrepancy.utcs
  } AS rows,
  «stale» AS stale
