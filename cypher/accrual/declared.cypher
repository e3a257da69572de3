// Fragment: the counters that were ever declared of some units, as known at a time.
// $units: list of string - the units
// $knowledge: integer - as known then, microseconds
// Returns unit, rows: list of [usage, valid_from, measured_at, FH, FC, APU hours, APU starts, landings].
UNWIND $units AS utcs
MATCH (unit:Anchor {utcs: utcs})
RETURN unit.utcs AS unit, COLLECT {
  MATCH (unit)<-[link:«types»]-(usage)
  WHERE «known»
  WITH DISTINCT usage
  MATCH (usage)-[:VERSION]->(row)
  WHERE row.valid_from < row.valid_to AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
  RETURN [
    usage.utcs, row.valid_from, row.measured_at,
    row.total_fh, row.total_fc, row.apu_h, row.apu_starts, row.landings
  ]
} AS rows
