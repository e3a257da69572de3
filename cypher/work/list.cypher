// Fragment: work orders at a moment, in the order of their ids.
// $states: list of string - where an order may stand
// $start: string - the first id that may be listed
// $limit: integer - how many at most
// Returns found: list of [properties, list of units], stale.
RETURN
  COLLECT {
    «orders»
    MATCH (order)-[:VERSION]->(row)
    WHERE «holds_row» AND coalesce(row.status, '') IN $states
    RETURN [
      properties(row),
      COLLECT {
        MATCH (order)-[link:«works_on»]->(unit)
        WHERE «works_holds»
        RETURN unit.utcs
        ORDER BY unit.utcs
        LIMIT 20
      }
    ]
    ORDER BY order.utcs
    LIMIT $limit
  } AS found,
  «stale» AS stale
