// Fragment: what may be used up in work: parts, batches and stock with the lots there are of them, and units.
// $things: list of string - parts, batches, stock and units
// $order: string - the order that is to use it
// $asset: string - what is worked on
// $most: integer - how many lots and papers of each are read at most
// Returns found: list of [utcs, properties, papers, lots, whether it is installed, whether in the asset], stale.
RETURN
  COLLECT {
    MATCH (order:Anchor {utcs: $order})
    WITH order, COLLECT { MATCH (order)-[:«takes»]->(lot) RETURN lot } AS own
    UNWIND $things AS utcs
    MATCH (thing:Anchor {utcs: utcs})
    MATCH (thing)-[:VERSION]->(row)
    WHERE «holds_row»
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
        RETURN [
          lot.utcs,
          properties(stock),
          COLLECT {
            MATCH (lot)<-[use:«consumes»]-(order)
            WHERE «use_holds»
            RETURN use.quantity
          },
          COLLECT {
            MATCH (lot)-[from:«from_batch»]->(batch)
            WHERE «from_holds»
            MATCH (batch)-[:VERSION]->(origin)
            WHERE «holds_origin»
            RETURN properties(origin)
          },
          COLLECT {
            MATCH (lot)-[papers:«papered»*1..2]->(certificate)
            WHERE certificate.kind = 'release' AND all(leg IN papers WHERE «leg_holds»)
            MATCH (certificate)-[:VERSION]->(said)
            WHERE «holds_said»
            RETURN coalesce(said.status, '')
            LIMIT $most
          },
          COLLECT {
            MATCH (lot)<-[promise:«reserves»]-(holder)
            WHERE «promise_holds»
            RETURN [holder.utcs, promise.quantity]
            ORDER BY holder.utcs
            LIMIT $most
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
      }
    ]
  } AS found,
  «stale» AS stale
