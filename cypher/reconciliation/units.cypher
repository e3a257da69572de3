// Fragment: what is in a unit at a moment, at any depth, each with its part number, and the approval it is there under.
// $utcs: string - the unit
// Returns units: list of [slots from the unit down, utcs, part or null, approval or null], stale.
MATCH (unit:Anchor {utcs: $utcs})
RETURN
  COLLECT {
    MATCH path = (unit)-[:«types»*1..20]->(inside)
    WHERE all(link IN relationships(path) WHERE «holds»)
    RETURN [
      [link IN relationships(path) | link.slot],
      inside.utcs,
      head(COLLECT {
        MATCH (inside)-[made:«instances»]->(part)
        WHERE «instance_holds»
        RETURN part.utcs
        ORDER BY part.utcs
      }),
      last(relationships(path)).approval
    ]
  } AS units,
  «stale» AS stale
