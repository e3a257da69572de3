// Fragment: the things from which no way leads to where it should, and how many there are, of how many.
// $kinds, $prefix, $conditions: as of thing/of_kinds
// $after: string - the id where the page before ended
// $limit: integer - how many at most
// Returns total, of, page: list of [utcs, kind, name], stale.
CALL () {
  «things»
  WITH thing, «leads» AS is_traced
  RETURN count(*) AS of, collect(CASE WHEN NOT is_traced THEN thing END) AS gaps
}
RETURN
  size(gaps) AS total,
  of,
  COLLECT {
    UNWIND gaps AS thing
    WITH thing
    WHERE thing.utcs > $after
    ORDER BY thing.utcs
    LIMIT $limit
    RETURN [thing.utcs, thing.kind, «name»]
  } AS page,
  «stale» AS stale
