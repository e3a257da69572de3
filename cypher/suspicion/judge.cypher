// Fragment: which properties that matter are no longer as they were when a link was last looked at.
// A link was looked at when it came to be, and whenever it was stated again with a reason (`reviewed`).
// Who gave a reason saw no more than was known by then.
// $matters: map of lists of string - the properties that matter, by kind
«row»
CALL (link) {
  WITH link, startNode(link) AS source, endNode(link) AS target
  MATCH (source)-[stated:«believed»]->(target)
  WHERE «stated_type» = «link_type» AND coalesce(stated.slot, '') = coalesce(link.slot, '')
    AND stated.valid_from <= link.valid_from AND «ever»
  WITH stated
  ORDER BY stated.valid_from DESC
  WITH collect(stated) AS statements
  RETURN last(reduce(run = statements[0..1], earlier IN tail(statements) |
    CASE WHEN last(run).reviewed IS NULL AND earlier.valid_to = last(run).valid_from THEN run + earlier ELSE run END
  )) AS basis
}
WITH link, thing, said, basis, CASE WHEN basis.reviewed IS NULL THEN $knowledge ELSE head(COLLECT {
  MATCH (review:Change {seq: basis.made})
  RETURN review.recorded_at
}) END AS seen
WHERE said.valid_from > basis.valid_from OR said.recorded_at > seen
MATCH (thing)-[:VERSION]->(was)
WHERE was.valid_from <= basis.valid_from AND was.valid_to > basis.valid_from
  AND was.recorded_at <= seen AND was.superseded_at > seen
WITH link, basis, thing, said, was,
     [name IN $matters[thing.kind] WHERE (was[name] IS NULL) <> (said[name] IS NULL) OR was[name] <> said[name]] AS names
WHERE names <> []
