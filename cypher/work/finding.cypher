// Fragment: a finding at a moment: what it is, under which work order it was found, and what it is about.
// $finding: string - the finding
// Returns row: map or null, list of work orders, list of what it is about, stale.
MATCH (finding:Anchor {utcs: $finding})
RETURN
  head(COLLECT {
    MATCH (finding)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }) AS row,
  COLLECT {
    MATCH (finding)-[link:«found»]->(order)
    WHERE order.kind = 'workorder' AND «found_holds»
    RETURN order.utcs
    ORDER BY order.utcs
    LIMIT 10
  } AS orders,
  COLLECT {
    MATCH (finding)-[link:«about»]->(thing)
    WHERE «about_holds»
    RETURN thing.utcs
    ORDER BY thing.utcs
    LIMIT 100
  } AS about,
  «stale» AS stale
