// Fragment: the flights of aircraft, each within a time of its own, as they are told last, as known at a time.
// $asked: list of [aircraft, ended after, ended then or before] - times in canonical form
// $knowledge: integer - as known then, microseconds
// $far: integer - the far future, microseconds
// Returns rows: list of [aircraft, began, ended, FH, FC, APU hours, APU starts, landings].
RETURN COLLECT {
  UNWIND $asked AS one
  MATCH (aircraft:Anchor {utcs: one[0]})<-[link:«types»]-(flight)
  WHERE «known» AND link.valid_to = $far
  MATCH (flight)-[:VERSION]->(row)
  WHERE row.valid_from < row.valid_to AND row.valid_to = $far
    AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
  WITH one, aircraft, row, coalesce(row.landing_at, row.on_block_at) AS ended
  WHERE ended > one[1] AND ended <= one[2] AND coalesce(row.status, 'arrived') IN ['arrived', 'diverted']
  RETURN [
    aircraft.utcs, coalesce(row.takeoff_at, row.off_block_at, ended), ended,
    row.duration_fh, row.cycles_fc, row.apu_h, row.apu_starts, row.landings
  ]
} AS rows
