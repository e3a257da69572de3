// Finds the alerts about sources that were silent for too long.
// $code: string - what such alerts have as their code
// $alerts: list of string - alerts of which is asked whether they were ever raised
// Returns raised: list of string, open: list of [source, properties of the alert].
// :param {code: 'stale-source', alerts: []}
CALL () {
  UNWIND $alerts AS utcs
  MATCH (a:Anchor {utcs: utcs})
  RETURN collect(a.utcs) AS raised
}
CALL () {
  MATCH (s:Source)<-[:ABOUT]-(a:Alert)
  WHERE a.code = $code AND a.status IN ['open', 'acknowledged']
  RETURN collect([s.utcs, properties(a)]) AS open
}
RETURN raised, open
