// Fragment: a lot of stock with the batches that it is from, its papers, and for which orders it is set aside.
// $most: integer - how many of each are read at most
[
  lot.utcs,
  properties(stock),
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
