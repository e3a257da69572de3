// Fragment: directives and bulletins at a moment, what took the place of each, and what carries it out.
// $kinds: list of string - which kinds
// $changes: list of string or null - only these
// Returns demands: list of [properties, list of properties of its successors, list of the ids of its means, list of
// the ids of what it supersedes, whether it lists aircraft one by one], stale.
RETURN
  COLLECT {
    MATCH (change:Anchor)
    WHERE change.kind IN $kinds AND ($changes IS NULL OR change.utcs IN $changes)
    MATCH (change)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      properties(row),
      COLLECT {
        MATCH (change)<-[link:«supersedes»]-(successor)
        WHERE «supersedes_holds»
        MATCH (successor)-[:VERSION]->(later)
        WHERE «holds_later»
        RETURN properties(later)
        ORDER BY successor.utcs
      },
      COLLECT {
        MATCH (change)<-[link:«implements»]-(means)
        WHERE «implements_holds»
        RETURN means.utcs
        ORDER BY means.utcs
      },
      COLLECT {
        MATCH (change)-[link:«supersedes»]->(earlier)
        WHERE «supersedes_holds»
        RETURN earlier.utcs
        ORDER BY earlier.utcs
      },
      EXISTS {
        MATCH (change)<-[link:«subject_to»]-(unit)
        WHERE unit.kind = 'aircraft' AND «subject_holds»
      }
    ]
    ORDER BY change.utcs
  } AS demands,
  «stale» AS stale
