// Fragment: how many things that are linked to a thing there are for each value of a property; most first.
// Equal values are counted where they stand side by side: below the first level Cypher refuses count(*),
// as if it were an aggregation of the expression around it (Neo4j 5.26).
COLLECT {
  WITH COLLECT {
    MATCH «path»
    WHERE «conditions»
    WITH «property» AS value
    ORDER BY value
    RETURN value
  } AS values
  WITH values, [i IN range(0, size(values) - 1) WHERE i = 0 OR coalesce(values[i] <> values[i - 1], values[i - 1] IS NOT NULL)] AS starts
  UNWIND range(0, size(starts) - 1) AS run
  WITH values[starts[run]] AS value, coalesce(starts[run + 1], size(values)) - starts[run] AS number
  ORDER BY number DESC, value
  LIMIT «limit»
  RETURN [value, number]
}
