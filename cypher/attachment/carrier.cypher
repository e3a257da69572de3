// Fragment: what carries a unit, what that is in up to the aircraft, what is in it, and what was ever in the slot.
{
  row: head(COLLECT {
    MATCH (carrier)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }),
  part: head(COLLECT {
    MATCH (carrier)-[made:«instances»]->(part)
    WHERE «made_holds»
    RETURN part.utcs
    ORDER BY part.utcs
  }),
  above: COLLECT {
    MATCH way = (carrier)<-[:«contains»*1..20]-(above)
    WHERE all(step IN relationships(way) WHERE «step_holds»)
    RETURN [
      above.utcs, last(relationships(way)).slot,
      head(COLLECT {
        MATCH (above)-[made:«instances»]->(part)
        WHERE «made_holds»
        RETURN part.utcs
        ORDER BY part.utcs
      })
    ]
    ORDER BY length(way)
  },
  inside: COLLECT {
    MATCH (carrier)-[step:«contains»]->(inside)
    WHERE «step_holds»
    RETURN [
      step.slot, inside.utcs,
      head(COLLECT {
        MATCH (inside)-[made:«instances»]->(part)
        WHERE «made_holds»
        RETURN part.utcs
        ORDER BY part.utcs
      })
    ]
    ORDER BY step.slot
  },
  filled: COLLECT {
    MATCH (carrier)-[link:«ever_contains»]->(other)
    WHERE link.slot = $slot AND «contains_ever»
    RETURN [other.utcs, link.slot, link.valid_from, link.valid_to, null]
    ORDER BY link.valid_from, other.utcs
  }
}
