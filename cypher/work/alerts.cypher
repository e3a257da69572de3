// Fragment: the alerts that a work order was to cure, and those that were raised since about what it dealt with.
// $order: string - the work order
// $since: string - a time in UTC, as it is stored; alerts detected after it are seen
// $most: integer - how many of each are read at most
// Returns cured: list of [utcs, properties], seen: list of [utcs, properties] in the order of detection, stale.
// What it dealt with is what those alerts are about, what it works on, and what was put in under it.
MATCH (order:Anchor {utcs: $order})
OPTIONAL CALL (order) {
  MATCH (order)-[direct:«cures»]->(alert)
  WHERE alert.kind = 'alert' AND «direct_holds»
  RETURN alert
UNION
  MATCH (order)-[first:«cures»]->(between)-[second:«cures»]->(alert)
  WHERE alert.kind = 'alert' AND «first_holds» AND «second_holds»
  RETURN alert
}
WITH order, [one IN collect(DISTINCT alert)][0..$most] AS alerts
WITH order, alerts, [order] + alerts AS about
RETURN
  COLLECT {
    UNWIND alerts AS alert
    MATCH (alert)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [alert.utcs, properties(row)]
    ORDER BY alert.utcs
  } AS cured,
  COLLECT {
    UNWIND about AS one
    MATCH (one)-[of:«concerns»]->(thing)
    WHERE «of_holds»
    MATCH (thing)<-[about_it:«about»]-(alert) // may be the one that leads here: so it is matched apart
    WHERE alert.kind = 'alert' AND «about_it_holds»
    MATCH (alert)-[:VERSION]->(row)
    WHERE «holds_row» AND row.detected_at > $since
    WITH DISTINCT alert, row
    RETURN [alert.utcs, properties(row)]
    ORDER BY row.detected_at, alert.utcs
    LIMIT $most
  } AS seen,
  «stale» AS stale
