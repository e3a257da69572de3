// Fragment: the work orders on some units at a moment, and what each carries out.
// $units: list of string - the units
// Returns orders: list of [unit, work order, status or null, ended_at or null, list of tasks, directives and bulletins], stale.
RETURN
  COLLECT {
    UNWIND $units AS utcs
    MATCH (:Anchor {utcs: utcs})<-[works:«works_on»]-(order)
    WHERE order.kind = 'workorder' AND «works_holds»
    MATCH (order)-[:VERSION]->(row)
    WHERE «holds_row» AND coalesce(row.status, '') <> 'cancelled'
    WITH utcs, order, row, COLLECT {
      MATCH (order)-[link:«executes»]->(task)
      WHERE task.kind IN ['task', 'directive', 'bulletin'] AND «executes_holds»
      RETURN task.utcs
    } AS tasks
    WHERE size(tasks) > 0
    RETURN [utcs, order.utcs, row.status, row.ended_at, tasks]
    ORDER BY utcs, order.utcs
  } AS orders,
  «stale» AS stale
