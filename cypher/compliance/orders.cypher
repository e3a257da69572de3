// Fragment: which of some work orders there are at a moment, and how each stands.
// $orders: list of string - their ids
// Returns orders: list of [utcs, status], stale.
RETURN
  COLLECT {
    UNWIND $orders AS utcs
    MATCH (order:Anchor {utcs: utcs})-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [utcs, row.status]
  } AS orders,
  «stale» AS stale
