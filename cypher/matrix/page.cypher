// Fragment: a page of the rows of a matrix, each with its cells.
// $kinds, $prefix, $conditions: as of thing/of_kinds
// $after: string - the id where the page before ended
// $limit: integer - how many at most
// Returns rows: list of [utcs, name, number, a list of cells for each column], stale.
CALL () {
  «things»
  WITH thing, itself
  WHERE thing.utcs > $after AND «filters»
  WITH thing, itself
  ORDER BY thing.utcs
  LIMIT $limit
  RETURN thing, itself.name AS name, itself.number AS number
}
WITH thing, name, number, [«cells»] AS cells
ORDER BY thing.utcs
WITH collect([thing.utcs, name, number, cells]) AS rows
RETURN rows, «stale» AS stale
