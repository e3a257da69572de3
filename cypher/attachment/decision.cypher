// Fragment: what it rests on whether a unit may be put into a slot of another one at a moment, or taken out.
// $unit: string - the unit
// $carrier: string - the aircraft or assembly that has the slot
// $slot: string - the slot
// $approval: string or null - the approval that is named, if any
// $named: list of string - all things that are named
// $far: integer - the far future, microseconds
// Returns there: list of [utcs, whether it is there then, whether it stays], unit: map, carrier: map,
// approval: map, stale.
OPTIONAL MATCH (unit:Anchor {utcs: $unit})
OPTIONAL MATCH (carrier:Anchor {utcs: $carrier})
OPTIONAL MATCH (approval:Anchor {utcs: $approval})
RETURN
  COLLECT {
    UNWIND $named AS utcs
    MATCH (thing:Anchor {utcs: utcs})
    RETURN [
      utcs,
      «exists»,
      EXISTS {
        MATCH (thing)-[:VERSION]->(last)
        WHERE «last_ever» AND last.valid_to = $far
      }
    ]
  } AS there,
  «unit» AS unit,
  «carrier» AS carrier,
  {
    row: head(COLLECT {
      MATCH (approval)-[:VERSION]->(row)
      WHERE «holds_row»
      RETURN properties(row)
    }),
    concerns: COLLECT {
      MATCH (approval)-[link:«concerns»]-(other)
      WHERE «concern_holds»
      RETURN DISTINCT other.utcs
      ORDER BY other.utcs
      LIMIT 1000
    }
  } AS approval,
  «stale» AS stale
