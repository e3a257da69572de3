// Counts what sources have sent: the events that were accepted, and the attempts that were refused.
// $sources: list of string - the sources, as events carry them
// Returns source, accepted, refused.
// :param {sources: ['urn:a']}
CALL () {
  MATCH (refusal:Refusal)
  WHERE refusal.source IN $sources
  WITH refusal.source AS source, sum(refusal.attempts) AS attempts
  RETURN collect([source, attempts]) AS refusals
}
UNWIND $sources AS source
RETURN
  source,
  COUNT {
    MATCH (event:Change)
    WHERE event.source = source AND event.id IS NOT NULL
  } AS accepted,
  coalesce(head([r IN refusals WHERE r[0] = source | r[1]]), 0) AS refused
ORDER BY source
