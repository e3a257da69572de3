// Fragment: the flights of aircraft that ended within a time, each as it is told last, as known at a time.
// $aircraft: list of string - the aircraft
// $since: string - ended after that, in canonical form
// $until: string - ended then or before
// $knowledge: integer - as known then, microseconds
// $far: integer - the far future, microseconds
// Returns rows: list of [aircraft, began, ended, FH, FC, APU hours, APU starts, landings].
RETURN COLLECT {
  UNWIND $aircraft AS utcs
  MATCH (aircraft:Anchor {utcs: utcs})<-[link:«types»]-(flight)
  WHERE «known» AND link.valid_to = $far
  MATCH (flight)-[:VERSION]->(row)
  WHERE row.valid_from < row.valid_to AND row.valid_to = $far
    AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
  WITH aircraft, row, coalesce(row.landing_at, row.on_block_at) AS ended
  WHERE ended > $since AND ended <= $until AND coalesce(row.status, 'arrived') IN ['arrived', 'diverted']
  RETURN [
    aircraft.utcs, coalesce(row.takeoff_at, row.off_block_at, ended), ended,
    row.duration_fh, row.cycles_fc, row.apu_h, row.apu_starts, row.landings
  ]
} AS rows
