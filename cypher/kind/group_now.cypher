// Fragment: how many things of a kind there are now for each value of a property, most first.
// $limit: integer - how many values at most
// Returns groups: list of [value, number], total, stale.
RETURN
  COLLECT {
    MATCH (row:«label»)
    WITH row.«property» AS value, count(*) AS number
    ORDER BY number DESC, value
    LIMIT $limit
    RETURN [value, number]
  } AS groups,
  COUNT { MATCH (:«label») } AS total,
  «stale» AS stale
