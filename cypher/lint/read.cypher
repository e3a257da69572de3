// Fragment: what is said of things at a moment, who says so, and what rules of records ask about their links.
// Returns records: list of [row, source, rank, has, linked], stale.
RETURN
  COLLECT {
    «things»
    MATCH (thing)-[:VERSION]->(row)
    WHERE «holds_row»
    MATCH (event:Change {seq: row.made})
    WITH thing, row, event
    ORDER BY thing.utcs
    RETURN [properties(row), event.source, event.rank, [«has»], [«linked»]]
  } AS records,
  «stale» AS stale
