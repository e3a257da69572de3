// Fragment: tools at a moment, in the order of their ids, with their calibrations and what they were used on.
// $limit: integer - how many at most
// $most: integer - how many calibrations and uses of each
// Returns found: list of [properties, place, calibrations, uses], stale.
RETURN
  COLLECT {
    «tools»
    MATCH (tool)-[:VERSION]->(row)
    WHERE «holds_row»
    WITH tool, row
    ORDER BY tool.utcs
    LIMIT $limit
    RETURN [
      properties(row),
      head(COLLECT {
        MATCH (tool)-[lies:«located»]->(place)
        WHERE «lies_holds»
        RETURN place.utcs
        ORDER BY place.utcs
      }),
      «calibrations»,
      «uses»
    ]
    ORDER BY tool.utcs
  } AS found,
  «stale» AS stale
