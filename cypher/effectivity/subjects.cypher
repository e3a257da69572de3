// Fragment: what links say is subject to changes, and the aircraft that each is, or is in.
// $unruled: list of string - changes without a rule
// $unit_kinds: list of string - the kinds of serialised things
// Returns a list of [change, unit or part, list of [unit, place or null]].
COLLECT {
  MATCH (named:Anchor)-[subject:«types»]->(change:Anchor)
  WHERE change.utcs IN $unruled AND «holds»
  RETURN [change.utcs, named.utcs, COLLECT {
    MATCH (unit:Anchor)-[made:«instances»*0..1]->(named)
    WHERE all(link IN made WHERE «made_holds») AND unit.kind IN $unit_kinds
    RETURN [unit.utcs, «carrier»]
    ORDER BY unit.utcs
  }]
  ORDER BY change.utcs, named.utcs
}
