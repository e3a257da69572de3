// Fragment: what is known of parts at a moment, and what the effectivity of lines is held against.
// $made: list of string - units of which it is asked when they were made
// Returns parts, made: list of [utcs, day or null], aircraft, fitted, embodied, loaded, stale.
CALL () {
  «facts»
}
RETURN
  «parts» AS parts,
  COLLECT {
    MATCH (unit:Anchor)-[:VERSION]->(row)
    WHERE unit.utcs IN $made AND «holds_row»
    RETURN [unit.utcs, row.manufactured_on]
  } AS made,
  aircraft,
  fitted,
  embodied,
  loaded,
  stale
