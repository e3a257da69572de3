// Fragment: the windows that are reserved at a moment for some aircraft, or at some facilities, within a time.
// Times are in canonical form, which sorts as time does.
// $facilities: list of string - the facilities
// $states: list of string - how a window stands that is kept
// $since: string - ends after that
// $until: string - begins before that
// Returns reserved: list of [facility, aircraft, window, begins, ends, labour in hours or null], stale.
RETURN
  COLLECT {
    UNWIND $facilities AS utcs
    MATCH (:Anchor {utcs: utcs})<-[place:«takes_place»]-(window)
    WHERE window.kind = 'window' AND «takes_holds»
    MATCH (window)-[:VERSION]->(row)
    WHERE «holds_row» AND coalesce(row.status, '') IN $states AND row.ends_at > $since AND row.starts_at < $until
    MATCH (window)-[link:«grounds»]->(aircraft)
    WHERE «grounds_holds»
    RETURN [utcs, aircraft.utcs, window.utcs, row.starts_at, row.ends_at, row.capacity_h]
    ORDER BY utcs, window.utcs
  } AS reserved,
  «stale» AS stale
