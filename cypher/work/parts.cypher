// Fragment: what may be used up in work: parts, batches and stock with the lots there are of them, and units.
// $things: list of string - parts, batches, stock and units
// $order: string - the order that is to use it
// $asset: string - what is worked on
// $most: integer - how many lots and papers of each are read at most
// Returns found: list of [utcs, properties, papers, lots, whether it is installed, whether in the asset, whether a
// bill of the asset or of what is in it calls for it; null where nobody can say], stale.
RETURN
  COLLECT {
    MATCH (order:Anchor {utcs: $order})
    WITH order, COLLECT { MATCH (order)-[:«takes»]->(lot) RETURN lot } AS own
    UNWIND $things AS utcs
    MATCH (thing:Anchor {utcs: utcs})
    MATCH (thing)-[:VERSION]->(row)
    WHERE «holds_row»
    WITH order, own, utcs, thing, row, COLLECT {
      MATCH (thing)-[making:«instances»*0..1]->(part)-[standing:«stands_for»*0..1]-(called)
      WHERE thing.kind <> 'serial' AND part.kind = 'part'
        AND all(made IN making WHERE «made_holds»)
        AND all(stands IN standing WHERE «stands_holds» AND (startNode(stands) = part OR stands.is_two_way))
      MATCH (called)<-[lines:«components»*1..5]-(assembly)
      WHERE all(line IN lines WHERE «line_holds»)
      RETURN DISTINCT assembly
      LIMIT 1000
    } AS assemblies
    RETURN [
      utcs,
      properties(row),
      COLLECT {
        MATCH (thing)-[paper:«certified»]->(certificate)
        WHERE «paper_holds»
        MATCH (certificate)-[:VERSION]->(said)
        WHERE «holds_said»
        RETURN [certificate.utcs, coalesce(said.status, '')]
        ORDER BY certificate.utcs
        LIMIT $most
      },
      COLLECT {
        MATCH (thing)<-[hops:«of_lot»*0..1]-(lot)
        WHERE lot.kind = 'stock' AND all(hop IN hops WHERE «hop_holds»)
        MATCH (lot)-[:VERSION]->(stock)
        WHERE «holds_stock»
          AND (lot IN own OR lot = thing OR stock.quantity > 0)
        WITH lot, stock, lot IN own AS is_own
        ORDER BY is_own DESC, stock.expires_on, lot.utcs
        LIMIT $most
        RETURN «lot» + [
          COLLECT {
            MATCH (lot)<-[use:«consumes»]-(order)
            WHERE «use_holds»
            RETURN use.quantity
          }
        ]
      },
      EXISTS {
        MATCH (thing)<-[within:«contains»]-(parent)
        WHERE «within_holds»
      },
      EXISTS {
        MATCH (thing)<-[way:«contains»*1..20]-(root:Anchor {utcs: $asset})
        WHERE all(step IN way WHERE «step_holds»)
      },
      CASE WHEN size(assemblies) > 0 AND EXISTS {
        MATCH (:Anchor {utcs: $asset})-[made:«instances»]->()
        WHERE «made_holds»
      } THEN EXISTS {
        MATCH (:Anchor {utcs: $asset})-[way:«contains»*0..20]->(unit)-[made:«instances»]->(type)
        WHERE type IN assemblies AND «made_holds» AND all(step IN way WHERE «step_holds»)
      } END
    ]
  } AS found,
  «stale» AS stale
