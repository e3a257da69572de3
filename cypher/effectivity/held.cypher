// Fragment: what is embodied in, or loaded on, units; and where each is.
// $«names»: list of string - numbers or identifiers
// Returns a list of [utcs, number, list of [unit, place or null]].
COLLECT {
  MATCH (named:Anchor)
  WHERE named.kind IN [«kinds»] AND named.utcs > ''
  MATCH (named)-[:VERSION]->(row)
  WHERE (row.number IN $«names» OR named.utcs IN $«names») AND «holds_row»
  RETURN [named.utcs, row.number, COLLECT {
    MATCH (unit:Anchor)-[has:«types»]->(named)
    WHERE «holds»
    RETURN [unit.utcs, «carrier»]
    ORDER BY unit.utcs
  }]
  ORDER BY named.utcs
}
