// Fragment: the hours that are booked on a work order at a moment, in the order of time.
// $order: string - the work order
// $most: integer - how many at most
// Returns whether the order is there, booked: list of [properties, order, person], stale.
MATCH (order:Anchor {utcs: $order})
RETURN
  «exists» AS is_there,
  COLLECT {
    MATCH (order)<-[of:«step_of»]-(labour)-[by:«signed»]->(person)
    WHERE labour.kind = 'labour' AND «of_holds» AND «by_holds»
    MATCH (labour)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [properties(row), order.utcs, person.utcs]
    ORDER BY row.starts_at, labour.utcs
    LIMIT $most
  } AS booked,
  «stale» AS stale
