// Returns the scores that were stated of sources, of each the newest ones.
// $things: list of string - the sources, by their ids
// $first: integer - how many of each at most
// $far: integer - the far future, microseconds
// Returns utcs, points: list of [valid_from, quality_percent, extra, source of the event, its id]; by utcs.
// :param {things: ['utcs:A:source:1'], first: 10, far: 253402300799999999}
UNWIND $things AS utcs
MATCH (thing:Anchor {utcs: utcs})
RETURN
  utcs,
  COLLECT {
    MATCH (thing)-[:VERSION]->(row)
    WHERE row.superseded_at = $far AND row.valid_from < row.valid_to AND row.quality_percent IS NOT NULL
    MATCH (event:Change {seq: row.made})
    WITH row, event
    ORDER BY row.valid_from DESC
    LIMIT $first
    RETURN [row.valid_from, row.quality_percent, row.extra, event.source, event.id]
    ORDER BY row.valid_from DESC
  } AS points
ORDER BY utcs
