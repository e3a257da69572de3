// Links that are believed no longer get a type of their own, so that the past is read without them.
MATCH (s:Anchor)-[r]->(t:Anchor)
WHERE type(r) ENDS WITH '_PAST'
  AND r.superseded_at < 253402300799999999
CREATE (s)-[moved:PAST_BELIEF]->(t)
SET moved = properties(r),
    moved.was = replace(type(r), '_PAST', '')
DELETE r
