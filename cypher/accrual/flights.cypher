// Fragment: the flights of aircraft that ended within a time, each as it is told last, as known at a time.
// $aircraft: list of [aircraft, moment in canonical form] - ended after that moment
// $until: string - ended then or before, in canonical form
// $knowledge: integer - as known then, microseconds
// $far: integer - the far future, microseconds
// $counters: list of string - the properties of a flight that are asked for
// Returns rows: list of [aircraft, began, ended, value of each counter].
RETURN COLLECT {
  UNWIND $aircraft AS asked
  MATCH (aircraft:Anchor {utcs: asked[0]})<-[link:«types»]-(flight)
  WHERE «known» AND link.valid_to = $far
  MATCH (flight)-[:VERSION]->(row)
  WHERE row.valid_from < row.valid_to AND row.valid_to = $far
    AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
  WITH aircraft, asked, row, coalesce(row.landing_at, row.on_block_at) AS ended
  WHERE ended > asked[1] AND ended <= $until AND coalesce(row.status, 'arrived') IN ['arrived', 'diverted']
  RETURN [aircraft.utcs, coalesce(row.takeoff_at, row.off_block_at, ended), ended]
    + [counter IN $counters | row[counter]]
} AS rows
