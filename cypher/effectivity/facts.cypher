// Fragment: what rules of effectivity are held against, for all aircraft at once; pieces that none asks for are `[]`.
// `utcs > ''`, here and in the pieces, is what lets Neo4j read the index of (kind, utcs).
// $unit_kinds: list of string - the kinds of serialised things
// Returns aircraft: list of [utcs, name, MSN, type, model, delivered, manufactured], fitted, embodied, loaded, subjects, stale.
RETURN
  COLLECT {
    MATCH (aircraft:Anchor)
    WHERE aircraft.kind = 'aircraft' AND aircraft.utcs > ''
    MATCH (aircraft)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      aircraft.utcs, row.name, row.msn, row.type_designation, row.model_designation,
      row.delivered_on, row.manufactured_on
    ]
    ORDER BY aircraft.utcs
  } AS aircraft,
  «fitted» AS fitted,
  «embodied» AS embodied,
  «loaded» AS loaded,
  «subjects» AS subjects,
  «stale» AS stale
