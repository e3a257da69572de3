// Fragment: the units of some part numbers at a moment; what is scrapped is left out.
// $parts: list of string - the part numbers
// $about: string or null - only that unit, and what is in it at any depth
// $unit_kinds: list of string - the kinds of serialised things
// $limit: integer - how many at most
// Returns units: list of [properties, part number, [aircraft, slots] or null], stale.
RETURN
  COLLECT {
    UNWIND $parts AS number
    MATCH (unit:Anchor)-[made:«instances»]->(part:Anchor {utcs: number})
    WHERE «made_holds» AND unit.kind IN $unit_kinds
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row» AND coalesce(row.status, '') <> 'scrapped' AND (
      $about IS NULL OR unit.utcs = $about OR EXISTS {
        MATCH way = (unit)<-[:«contains»*1..20]-(:Anchor {utcs: $about})
        WHERE all(step IN relationships(way) WHERE «step_holds»)
      }
    )
    WITH unit, row, number
    ORDER BY unit.utcs, number
    LIMIT $limit
    RETURN [properties(row), number, «carrier»]
  } AS units,
  «stale» AS stale
