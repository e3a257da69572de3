// Fragment: the tasks of the programme at a moment, what each is done on and meets, and what took its place.
// `utcs > ''` is what lets Neo4j read the index of (kind, utcs).
// $limit: integer - how many at most
// Returns tasks: list of [properties, list of [kind, utcs, number] of what it is performed on, list of the directives
// and bulletins that it meets, whether a rule or a link says what it applies to, list of the status of each successor], stale.
RETURN
  COLLECT {
    MATCH (task:Anchor)
    WHERE task.kind = 'task' AND task.utcs > ''
    MATCH (task)-[:VERSION]->(row)
    WHERE «holds_row»
    WITH task, row
    ORDER BY task.utcs
    LIMIT $limit
    RETURN [
      properties(row),
      COLLECT {
        MATCH (task)-[link:«performed»]->(target)
        WHERE «performed_holds»
        MATCH (target)-[:VERSION]->(place)
        WHERE «holds_place»
        RETURN [target.kind, target.utcs, place.number]
        ORDER BY target.utcs
      },
      COLLECT {
        MATCH (task)-[link:«meets»]->(demand)
        WHERE demand.kind IN ['directive', 'bulletin'] AND «meets_holds»
        RETURN demand.utcs
        ORDER BY demand.utcs
      },
      EXISTS {
        MATCH (task)-[link:«limited»]->()
        WHERE «limited_holds»
      } OR EXISTS {
        MATCH (task)<-[link:«subject»]-()
        WHERE «subject_holds»
      },
      COLLECT {
        MATCH (task)<-[link:«supersedes»]-(successor)
        WHERE «supersedes_holds»
        MATCH (successor)-[:VERSION]->(later)
        WHERE «holds_later»
        RETURN coalesce(later.status, '')
      }
    ]
  } AS tasks,
  «stale» AS stale
