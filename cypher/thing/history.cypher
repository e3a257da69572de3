// Fragment: a page of the rows of belief of a thing and of its links, in the order of recording.
// $utcs: string - the thing
// $after: list of [recorded_at, made, version or link, number, direction, other, slot, valid_from, valid_to], or []
// $limit: integer - how many at most
// All links are what is neither a version nor an alias. Named one by one, as three types for each link, they
// kept Neo4j planning for minutes over the sample fleet (2026-11-24); this takes a second to plan.
// Returns page: list of [place, row, event], total.
MATCH (thing:Anchor {utcs: $utcs})
RETURN
  COLLECT {
    CALL (thing) {
      MATCH (thing)-[:VERSION]->(row)
      RETURN [row.recorded_at, row.made, '', row.n, '', '', '', row.valid_from, row.valid_to] AS place, properties(row) AS row
      UNION ALL
      MATCH (thing)-[link:!VERSION&!NAMES]-(other)
      RETURN [link.recorded_at, link.made, «type», 0, «direction», other.utcs, coalesce(link.slot, ''), link.valid_from, link.valid_to] AS place, properties(link) AS row
    }
    WITH place, row
    WHERE place > $after
    ORDER BY place
    LIMIT $limit
    OPTIONAL MATCH (event:Change {seq: row.made})
    RETURN [place, row, event {.seq, .source, .id, .type, .actor, .time, .recorded_at}]
    ORDER BY place
  } AS page,
  COUNT { MATCH (thing)-[:VERSION]->() } + COUNT { MATCH (thing)-[:!VERSION&!NAMES]-() } AS total
