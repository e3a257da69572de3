// Fragment: a person at a moment, with the hours and shifts that reach into some time, each in the order of time.
// $person: string - the person
// $since: string - from when, as times are written
// $until: string - until when
// $most: integer - how many of each at most
// Returns person: map or null, booked: list of [properties, order, person], shifts: list of [properties, place], stale.
MATCH (person:Anchor {utcs: $person})
RETURN
  head(COLLECT {
    MATCH (person)-[:VERSION]->(said)
    WHERE «holds_said»
    RETURN properties(said)
  }) AS person,
  COLLECT {
    MATCH (person)<-[by:«signed»]-(labour)
    WHERE labour.kind = 'labour' AND «by_holds»
    MATCH (labour)-[:VERSION]->(row)
    WHERE «holds_row» AND row.starts_at < $until AND row.ends_at > $since
    RETURN [
      properties(row),
      head(COLLECT {
        MATCH (labour)-[of:«step_of»]->(order)
        WHERE «of_holds»
        RETURN order.utcs
        ORDER BY order.utcs
      }),
      person.utcs
    ]
    ORDER BY row.starts_at, labour.utcs
    LIMIT $most
  } AS booked,
  COLLECT {
    MATCH (person)<-[to:«assigned»]-(shift)
    WHERE shift.kind = 'shift' AND «to_holds»
    MATCH (shift)-[:VERSION]->(row)
    WHERE «holds_row» AND row.starts_at < $until AND row.ends_at > $since
    RETURN [
      properties(row),
      head(COLLECT {
        MATCH (shift)-[at:«takes_place»]->(place)
        WHERE «place_holds»
        RETURN place.utcs
        ORDER BY place.utcs
      })
    ]
    ORDER BY row.starts_at, shift.utcs
    LIMIT $most
  } AS shifts,
  «stale» AS stale
