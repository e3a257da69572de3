// Fragment: the units at a moment whose part number has a limit to its life or between overhauls.
// `utcs > ''` is what lets Neo4j read the index of (kind, utcs). What is scrapped has no life left to count.
// $about: string or null - only that unit, and what is in it at any depth
// $unit_kinds: list of string - the kinds of serialised things
// $after: string - the id where the page before ended
// $limit: integer - how many at most
// Returns units: list of [properties, properties of its part, [aircraft, slots] or null], stale.
RETURN
  COLLECT {
    MATCH (part:Anchor)
    WHERE part.kind = 'part' AND part.utcs > ''
    MATCH (part)-[:VERSION]->(definition)
    WHERE «holds_definition» AND (
      definition.life_limit_fh IS NOT NULL OR definition.life_limit_fc IS NOT NULL
      OR definition.life_limit_days IS NOT NULL OR definition.overhaul_limit_fh IS NOT NULL
      OR definition.overhaul_limit_fc IS NOT NULL
    )
    MATCH (unit:Anchor)-[made:«instances»]->(part)
    WHERE «made_holds» AND unit.kind IN $unit_kinds AND unit.utcs > $after
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row» AND coalesce(row.status, '') <> 'scrapped' AND (
      $about IS NULL OR unit.utcs = $about OR EXISTS {
        MATCH way = (unit)<-[:«contains»*1..20]-(:Anchor {utcs: $about})
        WHERE all(step IN relationships(way) WHERE «step_holds»)
      }
    )
    WITH unit, row, definition
    ORDER BY unit.utcs
    LIMIT $limit
    RETURN [
      row {.utcs, .name, .serial_number, .manufactured_on},
      definition {
        .utcs, .number, .life_limit_fh, .life_limit_fc, .life_limit_days, .overhaul_limit_fh,
        .overhaul_limit_fc
      },
      «carrier»
    ]
  } AS units,
  «stale» AS stale
