// Finds the versions of a thing that come before and after a moment at which it is not there, and what it was
// merged into: what the last statement before that moment says, if it is that the thing is no more.
// $utcs: string - the thing
// $world: integer - when it is true, microseconds
// $knowledge: integer - when it is known, microseconds
// Returns before: map or null, after: map or null, merged_into: string or null.
// :param {utcs: 'utcs:A:part:1', world: 0, knowledge: 253402300799999998}
MATCH (thing:Anchor {utcs: $utcs})
RETURN
  head(COLLECT {
    MATCH (thing)-[:VERSION]->(row)
    WHERE row.valid_to <= $world
      AND row.valid_from < row.valid_to
      AND row.recorded_at <= $knowledge
      AND row.superseded_at > $knowledge
    RETURN properties(row)
    ORDER BY row.valid_to DESC, row.n DESC
    LIMIT 1
  }) AS before,
  head(COLLECT {
    MATCH (thing)-[:VERSION]->(row)
    WHERE row.valid_from > $world
      AND row.valid_from < row.valid_to
      AND row.recorded_at <= $knowledge
      AND row.superseded_at > $knowledge
    RETURN properties(row)
    ORDER BY row.valid_from, row.n
    LIMIT 1
  }) AS after,
  head(COLLECT {
    MATCH (thing)-[:VERSION]->(row)
    WHERE row.valid_from <= $world
      AND (row.off OR row.valid_from < row.valid_to)
      AND row.recorded_at <= $knowledge
      AND row.superseded_at > $knowledge
    RETURN row.merged_into
    ORDER BY row.valid_from DESC, row.merged_into
    LIMIT 1
  }) AS merged_into
