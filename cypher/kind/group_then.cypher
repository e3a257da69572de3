// Fragment: how many things of some kinds there are at a time for each value of a property, most first.
// $kinds: list of strings
// $limit: integer - how many values at most
// Returns groups: list of [value, number], total, stale.
RETURN
  COLLECT {
    MATCH (row:Version)
    WHERE row.kind IN $kinds AND «holds»
    WITH row.«property» AS value, count(*) AS number
    ORDER BY number DESC, value
    LIMIT $limit
    RETURN [value, number]
  } AS groups,
  COUNT {
    MATCH (row:Version)
    WHERE row.kind IN $kinds AND «holds»
  } AS total,
  «stale» AS stale
