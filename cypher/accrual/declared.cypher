// Fragment: the last declaration of each counter of units up to a moment of each, as known at a time.
// $asked: list of [unit, moment in canonical form, the same in microseconds] - of what unit, up to when
// $counters: list of string - the properties of a usage that are asked for
// $knowledge: integer - as known then, microseconds
// Returns rows: list of [unit, moment, last]; last: list of [counter, [measured_at or '', valid_from, usage, value]], of those with
// and without measured_at.
UNWIND $asked AS asked
MATCH (unit:Anchor {utcs: asked[0]})
WITH unit, asked, COLLECT {
  MATCH (unit)<-[link:«types»]-(usage)
  WHERE «known»
  WITH DISTINCT usage
  MATCH (usage)-[:VERSION]->(row)
  WHERE row.valid_from < row.valid_to AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
    AND CASE WHEN row.measured_at IS NULL THEN row.valid_from <= asked[2] ELSE row.measured_at <= asked[1] END
  UNWIND $counters AS counter
  WITH usage, row, counter
  WHERE row[counter] IS NOT NULL
  WITH
    counter,
    row.measured_at IS NULL AS is_undated,
    max([coalesce(row.measured_at, ''), row.valid_from, usage.utcs, row[counter]]) AS last
  RETURN [counter, last]
} AS last
RETURN collect([unit.utcs, asked[2], last]) AS rows
