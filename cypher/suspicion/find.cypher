// Fragment: a page of suspect links with what has changed, and how many there are of each type.
// $utcs: string - a thing whose links are meant; null for all
// $after: list of [type, source, target, slot] - where the page before ended; [] for the first page
// $limit: integer - how many at most
// Returns exists, counts: list of [type, number], page: list of [place, kinds and names, link, basis, changes], stale.
OPTIONAL MATCH (one:Anchor {utcs: $utcs})
CALL (one) {
  «links»
  «judge»
  WITH link, basis, collect([thing, said, was, names]) AS changed
  WITH link, basis, changed, [«type», startNode(link).utcs, endNode(link).utcs, coalesce(link.slot, '')] AS place
  ORDER BY place
  RETURN collect([place, link, basis, changed]) AS found
}
RETURN
  $utcs IS NULL OR «exists» AS exists,
  COLLECT {
    UNWIND found AS each
    WITH each[0][0] AS type, count(*) AS number
    ORDER BY number DESC, type
    RETURN [type, number]
  } AS counts,
  COLLECT {
    UNWIND found AS each
    WITH each[0] AS place, each[1] AS link, each[2] AS basis, each[3] AS changed
    WHERE place > $after
    LIMIT $limit
    WITH place, link, basis, changed, startNode(link) AS source, endNode(link) AS target
    RETURN [
      place, [source.kind, «source_name», target.kind, «target_name»],
      properties(link), properties(basis),
      COLLECT {
        UNWIND changed AS at
        WITH at[0] AS thing, at[1] AS said, at[2] AS was, at[3] AS names
        UNWIND names AS name
        RETURN [thing.utcs, name, was[name], said[name], «since»]
        ORDER BY thing.utcs, name
      }
    ]
  } AS page,
  «stale» AS stale
