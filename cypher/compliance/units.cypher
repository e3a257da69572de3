// Fragment: units at a moment, and their links to some changes.
// $changes: list of string - the changes
// Returns units: list of [properties, aircraft that it is in or null,
//   list of [link type, change, valid_from, what it carries]], stale.
RETURN
  COLLECT {
    «units»
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      properties(row),
      head(COLLECT {
        MATCH path = (unit)<-[:«contains»*1..20]-(carrier)
        WHERE unit.kind <> 'aircraft' AND carrier.kind = 'aircraft'
          AND all(step IN relationships(path) WHERE «contains_holds»)
        RETURN carrier.utcs
        LIMIT 1
      }),
      COLLECT {
        MATCH (unit)-[link:«types»]->(change)
        WHERE change.utcs IN $changes AND «holds»
        RETURN [«type», change.utcs, link.valid_from, properties(link)]
        ORDER BY change.utcs, link.valid_from
      }
    ]
    ORDER BY unit.utcs
  } AS units,
  «stale» AS stale
