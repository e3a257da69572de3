// Fragment: what full-text search finds among things as they were at a time, as known at a time, best first.
// $query: string - in the syntax of Lucene
// $most: integer - how many hits are looked at
// $kinds: list of strings, or null for all
// $after_score: float, $after_utcs: string - where the page before ended
// $limit: integer - how many at most
// Returns looked_at, total, page: list of [utcs, kind, name, score], stale.
CALL () {
  CALL db.index.fulltext.queryNodes('things', $query, {limit: $most})
  YIELD node, score
  OPTIONAL MATCH (node)-[:VERSION]->(row)
  WHERE NOT row:History
  RETURN row, score
  UNION ALL
  CALL db.index.fulltext.queryNodes('past_things', $query, {limit: $most})
  YIELD node AS row, score
  RETURN row, score
}
WITH row, score, row.utcs AS utcs
ORDER BY score DESC, utcs
WITH collect([utcs, row.kind, row.name, score, «holds»]) AS found
WITH size(found) AS looked_at,
     [hit IN found WHERE hit[4] AND ($kinds IS NULL OR hit[1] IN $kinds) | hit[0..4]] AS hits
RETURN
  looked_at,
  size(hits) AS total,
  [hit IN hits WHERE hit[3] < $after_score OR (hit[3] = $after_score AND hit[0] > $after_utcs)][0..$limit] AS page,
  «stale» AS stale
