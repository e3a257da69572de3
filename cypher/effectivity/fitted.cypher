// Fragment: the units of part numbers, and where each is.
// $parts: list of string - part numbers, or identifiers of parts
// $unit_kinds: list of string - the kinds of serialised things
// Returns a list of [utcs, number, list of [utcs, name, serial number, manufactured, place or null]].
COLLECT {
  MATCH (named:Anchor)
  WHERE named.kind = 'part' AND named.utcs > ''
  MATCH (named)-[:VERSION]->(row)
  WHERE (row.number IN $parts OR named.utcs IN $parts) AND «holds_row»
  RETURN [named.utcs, row.number, COLLECT {
    MATCH (unit:Anchor)-[made:«instances»]->(named)
    WHERE «made_holds» AND unit.kind IN $unit_kinds
    MATCH (unit)-[:VERSION]->(state)
    WHERE «holds_state»
    RETURN [unit.utcs, state.name, state.serial_number, state.manufactured_on, «carrier»]
    ORDER BY unit.utcs
  }]
  ORDER BY named.utcs
}
