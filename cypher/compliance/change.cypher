// Fragment: a change at a moment, and what it carries out.
// $change: string - the change
// Returns row: map or null, list of properties of what it carries out, stale.
MATCH (change:Anchor {utcs: $change})
RETURN
  head(COLLECT {
    MATCH (change)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }) AS row,
  COLLECT {
    MATCH (change)-[link:«types»]->(demand)
    WHERE «holds»
    MATCH (demand)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
    ORDER BY demand.utcs
  } AS carried_out,
  «stale» AS stale
