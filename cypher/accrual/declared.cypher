// Fragment: the counters that were ever declared of a unit, as known at a time.
// $utcs: string - the unit
// $knowledge: integer - as known then, microseconds
// Returns rows: list of [usage, valid_from, properties].
MATCH (unit:Anchor {utcs: $utcs})
RETURN COLLECT {
  MATCH (unit)<-[link:«types»]-(usage)
  WHERE «known»
  WITH DISTINCT usage
  MATCH (usage)-[:VERSION]->(row)
  WHERE row.valid_from < row.valid_to AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
  RETURN [usage.utcs, row.valid_from, properties(row)]
} AS rows
