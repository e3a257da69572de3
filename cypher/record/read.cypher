// Fragment: what is believed of things now, who says so, and what rules ask about their links.
// Returns records: list of [row, source, rank, merged_into, has, linked], stale.
RETURN
  COLLECT {
    «things»
    MATCH (thing)-[:VERSION]->(row)
    WHERE NOT row:History
    MATCH (event:Change {seq: row.made})
    WITH thing, row, event
    ORDER BY thing.utcs
    RETURN [
      properties(row), event.source, event.rank,
      head(COLLECT {
        MATCH (thing)-[:VERSION]->(merge)
        WHERE merge.merged_into IS NOT NULL AND merge.superseded_at = $far AND merge.valid_from <= $now
        RETURN merge.merged_into
        ORDER BY merge.valid_from DESC, merge.merged_into
        LIMIT 1
      }),
      [«has»], [«linked»]
    ]
  } AS records,
  «stale» AS stale
