// Fragment: what is in a unit at a moment, at any depth, itself included, each with its part number,
// and the approval it is there under.
// $utcs: string - the unit
// Returns units: list of [slots from the unit down, utcs, part or null, approval or null], carrier: the aircraft that the unit is
// or is in, with the slots down to it, or null; stale.
MATCH (unit:Anchor {utcs: $utcs})
RETURN
  COLLECT {
    MATCH path = (unit)-[:«types»*0..20]->(inside)
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
  «carrier» AS carrier,
  «stale» AS stale
