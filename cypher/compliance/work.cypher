// Fragment: a work order at a moment: what it works on and carries out, and the certificates that release it.
// $order: string - the work order
// Returns row: map or null, list of units, list of changes and tasks, list of the status of each certificate, stale.
MATCH (order:Anchor {utcs: $order})
RETURN
  head(COLLECT {
    MATCH (order)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }) AS row,
  COLLECT {
    MATCH (order)-[link:«works_on»]->(unit)
    WHERE «works_holds»
    RETURN unit.utcs
    ORDER BY unit.utcs
  } AS works_on,
  COLLECT {
    MATCH (order)-[link:«executes»]->(task)
    WHERE «executes_holds»
    RETURN task.utcs
    ORDER BY task.utcs
  } AS executes,
  COLLECT {
    MATCH (order)<-[link:«releases»]-(release)
    WHERE «releases_holds»
    MATCH (release)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN coalesce(row.status, '')
    ORDER BY release.utcs
  } AS releases,
  «stale» AS stale
