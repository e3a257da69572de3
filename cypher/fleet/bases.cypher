// Fragment: the facilities that maintain aircraft at a moment, with the people who work there.
// `utcs > ''` is what lets Neo4j read the index of (kind, utcs).
// $categories: list of string - what facilities are meant
// $roles: list of string - the people who are counted have one of these
// $limit: integer - how many at most
// Returns bases: list of [facility, name, aerodrome, bays or null, people], stale.
RETURN
  COLLECT {
    MATCH (facility:Anchor)
    WHERE facility.kind = 'facility' AND facility.utcs > ''
    MATCH (facility)-[:VERSION]->(row)
    WHERE «holds_row» AND row.icao_location IS NOT NULL AND row.category IN $categories
    RETURN [
      facility.utcs, row.name, row.icao_location, row.bays,
      COUNT {
        MATCH (facility)<-[link:«located»]-(person)
        WHERE person.kind = 'person' AND «located_holds»
        MATCH (person)-[:VERSION]->(said)
        WHERE «holds_said» AND coalesce(said.status, 'active') = 'active'
          AND any(role IN said.roles WHERE role IN $roles)
      }
    ]
    ORDER BY facility.utcs
    LIMIT $limit
  } AS bases,
  «stale» AS stale
