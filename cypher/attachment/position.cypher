// Fragment: the parts that positions of a number take at a moment; those of several types may bear the same.
// `utcs > ''` is what lets Neo4j read the index of (kind, utcs).
// $number: string - the number of the position, or its id where it has none
// Returns parts: list of part, stale.
RETURN
  COLLECT {
    MATCH (position:Anchor)
    WHERE position.kind = 'position' AND position.utcs > ''
    MATCH (position)-[:VERSION]->(row)
    WHERE «holds_row» AND coalesce(row.number, position.utcs) = $number
    MATCH (position)<-[link:«fits»]-(part)
    WHERE «fit_holds» AND part.kind = 'part'
    RETURN DISTINCT part.utcs
    ORDER BY part.utcs
  } AS parts,
  «stale» AS stale
