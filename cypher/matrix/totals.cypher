// Fragment: how many rows a matrix has, and how many have something in which of their cells.
// $kinds, $prefix, $conditions: as of thing/of_kinds
// Returns total, full, covered: list of one number for each column, verdicts: [passed, failed, open], stale.
CALL () {
  «things»
  WITH thing, itself
  WHERE «filters»
  WITH [«covered»] AS covered, «verdicts» AS verdicts
  RETURN count(*) AS total,
    count(CASE WHEN all(one IN covered WHERE one) THEN 1 END) AS full,
    [«sums»] AS covered,
    [
      count(CASE WHEN verdicts <> [] AND all(one IN verdicts WHERE one = 'passed') THEN 1 END),
      count(CASE WHEN any(one IN verdicts WHERE one = 'failed') THEN 1 END),
      count(CASE WHEN verdicts <> [] AND none(one IN verdicts WHERE one = 'failed')
        AND any(one IN verdicts WHERE one <> 'passed') THEN 1 END)
    ] AS verdicts
}
RETURN total, full, covered, verdicts, «stale» AS stale
