// Fragment: the flights of some aircraft within a time at a moment, and the last one before it, each as it is told.
// Times are in canonical form, which sorts as time does.
// $aircraft: list of string - the aircraft
// $since: string - ended after that
// $until: string - leave before that
// $earliest: string - how far back the last flight before that time is sought
// Returns flights: list of [aircraft, flight, number, origin, destination, begins, ends, status or null], stale.
RETURN
  COLLECT {
    UNWIND $aircraft AS utcs
    CALL (utcs) {
      MATCH (:Anchor {utcs: utcs})<-[link:«flown_by»]-(flight)
      WHERE «flown_holds»
      MATCH (flight)-[:VERSION]->(row)
      WHERE «holds_row»
      WITH flight, row,
        coalesce(row.off_block_at, row.takeoff_at, row.planned_start_at) AS begins,
        coalesce(row.on_block_at, row.landing_at, row.planned_end_at) AS ends
      WHERE ends > $earliest AND begins < $until
      WITH [flight.utcs, row.number, row.origin, row.destination, begins, ends, row.status] AS told, ends
      ORDER BY ends DESC
      WITH collect(told) AS known
      WITH [told IN known WHERE told[5] > $since] AS within,
        [told IN known WHERE told[5] <= $since AND coalesce(told[6], '') <> 'cancelled'][..1] AS before
      UNWIND within + before AS told
      RETURN told
    }
    RETURN [utcs] + told
  } AS flights,
  «stale» AS stale
