// Fragment: the version of a thing, and how many links of each type it has.
// $utcs: string - the thing
// Returns row: map or null, links: list of [type, direction, number], stale.
MATCH (thing:Anchor {utcs: $utcs})
RETURN
  head(COLLECT {
    MATCH (thing)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }) AS row,
  COLLECT {
    MATCH (thing)-[link:«types»]-()
    WHERE «holds»
    WITH «type» AS type, «direction» AS direction, count(*) AS number
    ORDER BY direction DESC, type
    RETURN [type, direction, number]
  } AS links,
  «stale» AS stale
