// Fragment: what is on record of the things that a receipt names, with the part number of each and what holds it.
// $things: list of string - the things
// Returns found: list of [properties, part number, what it is installed in or in stock with], stale.
RETURN
  COLLECT {
    UNWIND $things AS utcs
    MATCH (thing:Anchor {utcs: utcs})-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      properties(row),
      head(COLLECT {
        MATCH (thing)-[made:«instances»]->(part)
        WHERE «made_holds»
        RETURN part.utcs
        ORDER BY part.utcs
      }),
      head(COLLECT {
        MATCH (thing)<-[within:«holds_in»]-(holder)
        WHERE «within_holds»
        RETURN holder.utcs
        ORDER BY holder.utcs
      })
    ]
  } AS found,
  «stale» AS stale
