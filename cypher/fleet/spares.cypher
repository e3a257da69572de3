// Fragment: the spares of some part numbers that lie at some facilities at a moment, in units and in lots.
// A unit counts if it is in nothing; a lot if it may be used.
// $parts: list of string - the part numbers
// $facilities: list of string - the facilities
// $unit_kinds: list of string - the kinds of serialised things
// $conditions: list of string - the condition of a unit that can be put in
// $day: string - what expires before that is left out
// Returns spares: list of [facility, part, number], stale.
RETURN
  COLLECT {
    UNWIND $parts AS number
    MATCH (part:Anchor {utcs: number})<-[made:«instances»]-(spare)
    WHERE «made_holds» AND (spare.kind = 'stock' OR spare.kind IN $unit_kinds)
    MATCH (spare)-[link:«located»]->(facility)
    WHERE facility.utcs IN $facilities AND «located_holds»
    MATCH (spare)-[:VERSION]->(row)
    WHERE «holds_row» AND coalesce(row.expires_on, $day) >= $day
      AND NOT EXISTS {
        MATCH (spare)<-[inside:«contains»]-()
        WHERE «inside_holds»
      }
      AND CASE
        WHEN spare.kind = 'stock' THEN coalesce(row.status, 'available') IN ['available', 'reserved']
        ELSE coalesce(row.status, 'in_stock') = 'in_stock' AND coalesce(row.condition, '') IN $conditions
      END
    WITH facility, number, CASE
      WHEN spare.kind = 'stock' THEN toInteger(coalesce(row.quantity, 0) - coalesce(row.reserved_quantity, 0))
      ELSE 1
    END AS count
    WITH facility.utcs AS place, number, sum(count) AS total
    WHERE total > 0
    RETURN [place, number, total]
    ORDER BY place, number
  } AS spares,
  «stale» AS stale
