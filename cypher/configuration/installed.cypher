// Fragment: what is installed in a unit at a moment, at any depth, with the software on each.
// The step between keeps Neo4j (5.26) from beginning with all versions there are, and seeking a way to each.
// $utcs: string - the unit
// Returns units: list of [slots from the unit down, properties, list of properties of its software], stale.
MATCH (unit:Anchor {utcs: $utcs})
RETURN
  COLLECT {
    MATCH path = (unit)-[:«types»*0..20]->(part)
    WHERE all(link IN relationships(path) WHERE «holds»)
    WITH part, [link IN relationships(path) | link.slot] AS slots
    MATCH (part)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      slots,
      properties(row),
      COLLECT {
        MATCH (part)-[load:«loads»]->(software)
        WHERE «load_holds»
        MATCH (software)-[:VERSION]->(loaded)
        WHERE «loaded_holds»
        RETURN properties(loaded)
        ORDER BY software.utcs
      }
    ]
  } AS units,
  «stale» AS stale
