// Fragment: the work orders that are to be done at some facilities at a moment and are not ended.
// $facilities: list of string - the facilities
// $ended: list of string - where a work order stands under which nothing more is done
// $limit: integer - how many at most
// Returns planned: list of [facility, properties, list of units], stale.
RETURN
  COLLECT {
    UNWIND $facilities AS utcs
    MATCH (:Anchor {utcs: utcs})<-[place:«takes_place»]-(order)
    WHERE order.kind = 'workorder' AND «takes_holds»
    MATCH (order)-[:VERSION]->(row)
    WHERE «holds_row» AND NOT coalesce(row.status, '') IN $ended
    RETURN [
      utcs, properties(row),
      COLLECT {
        MATCH (order)-[link:«works_on»]->(unit)
        WHERE «works_holds»
        RETURN unit.utcs
        ORDER BY unit.utcs
      }
    ]
    ORDER BY utcs, order.utcs
    LIMIT $limit
  } AS planned,
  «stale» AS stale
