// Fragment: a page of the links of a thing, each with what stands at its other end.
// $utcs: string - the thing
// $after: list of [type, direction, utcs, slot] - where the page before ended; [] for the first page
// $limit: integer - how many at most
// Returns exists, page: list of [type, direction, utcs, kind, name, link], total, stale.
MATCH (thing:Anchor {utcs: $utcs})
RETURN
  «exists» AS exists,
  COLLECT {
    MATCH (thing)«left»[link:«types»]«right»(other)
    WHERE «holds»
    WITH link, other, [«type», «direction», other.utcs, coalesce(link.slot, '')] AS place
    WHERE place > $after
    ORDER BY place
    LIMIT $limit
    RETURN place[0..3] + [other.kind, «name», properties(link)]
  } AS page,
  COUNT {
    MATCH (thing)«left»[link:«types»]«right»()
    WHERE «holds»
  } AS total,
  «stale» AS stale
