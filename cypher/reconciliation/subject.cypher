// Fragment: an aircraft or assembly, its part number, the order that it was made under, and its baselines as built.
// $utcs: string - the unit
// Returns row: map or null, part: string or null, orders: list of [map, part], baselines: list of map, stale.
MATCH (unit:Anchor {utcs: $utcs})
RETURN
  head(COLLECT {
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }) AS row,
  head(COLLECT {
    MATCH (unit)-[link:«instances»]->(part)
    WHERE «instance_holds»
    RETURN part.utcs
    ORDER BY part.utcs
  }) AS part,
  COLLECT {
    MATCH (unit)-[link:«orders»]->(made)
    WHERE made.kind = 'order' AND «order_holds»
    MATCH (made)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      properties(row),
      head(COLLECT {
        MATCH (made)-[call:«ordered»]->(part)
        WHERE «ordered_holds»
        RETURN part.utcs
        ORDER BY part.utcs
      })
    ]
    ORDER BY made.utcs
  } AS orders,
  COLLECT {
    MATCH (unit)<-[link:«freezes»]-(baseline)
    WHERE «freeze_holds»
    MATCH (baseline)-[:VERSION]->(row)
    WHERE «holds_row» AND row.category = 'as_built' AND row.as_of IS NOT NULL
    RETURN properties(row)
    ORDER BY row.as_of, baseline.utcs
  } AS baselines,
  «stale» AS stale
