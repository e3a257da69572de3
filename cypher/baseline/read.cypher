// Fragment: baselines that are there at a moment, in the order of ids.
// $start: string - the first id that may be listed
// $root: string or null - only those whose scope begins there
// $limit: integer - how many at most
// Returns baselines: list of [properties, root, its name, signatures: list of [person, properties]], stale.
RETURN
  COLLECT {
    MATCH (thing:Anchor)
    WHERE thing.kind = 'baseline' AND thing.utcs >= $start AND «exists»
      AND ($root IS NULL OR EXISTS { (thing)-[:FREEZES|FREEZES_PAST]->(:Anchor {utcs: $root}) })
    WITH thing
    ORDER BY thing.kind, thing.utcs
    LIMIT $limit
    MATCH (thing)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      properties(row),
      head(COLLECT {
        MATCH (thing)-[frozen:FREEZES|FREEZES_PAST]->(root)
        RETURN root.utcs
        ORDER BY frozen.recorded_at DESC, root.utcs
        LIMIT 1
      }),
      COLLECT {
        MATCH (thing)-[link:«types»]->(person)
        WHERE «holds»
        RETURN [person.utcs, properties(link)]
        ORDER BY link.slot, person.utcs
      }
    ]
    ORDER BY thing.utcs
  } AS baselines,
  «stale» AS stale
