// Fragment: a unit as it stands, its part number, all places that it was ever in, and its papers.
// Of each place, the aircraft is told in which it was when the unit left it, or is to the last.
// Its papers are its own, and those of the batch and of the stock that it is from. It, or the stock, may be set aside.
{
  row: head(COLLECT {
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }),
  said: COLLECT {
    MATCH (unit)-[:VERSION]->(said)
    WHERE «said_ever»
    RETURN [said.valid_from, said.valid_to]
  },
  part: head(COLLECT {
    MATCH (unit)-[made:«instances»]->(part)
    WHERE «made_holds»
    MATCH (part)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
    ORDER BY part.utcs
  }),
  carried: COLLECT {
    MATCH (unit)<-[link:«ever_contains»]-(holder)
    WHERE «contains_ever»
    RETURN [
      holder.utcs, link.slot, link.valid_from, link.valid_to,
      head(COLLECT {
        MATCH way = (holder)<-[:«ever_contains»*0..20]-(aircraft)
        WHERE aircraft.kind = 'aircraft' AND all(
          step IN relationships(way)
          WHERE step.valid_from < link.valid_to AND step.valid_to >= link.valid_to AND «step_ever»
        )
        RETURN aircraft.utcs
      })
    ]
    ORDER BY link.valid_from, holder.utcs, link.slot
  },
  located: COLLECT {
    MATCH (unit)-[link:«ever_located»]->(place)
    WHERE «located_ever»
    RETURN [place.utcs, null, link.valid_from, link.valid_to, null]
    ORDER BY link.valid_from, place.utcs
  },
  stocked: COLLECT {
    MATCH (unit)<-[link:«ever_stocked»]-(stock)
    WHERE «stocked_ever»
    RETURN [stock.utcs, null, link.valid_from, link.valid_to, null]
    ORDER BY link.valid_from, stock.utcs
  },
  origins: COLLECT {
    MATCH (unit)-[origin:«origins»]-(source)
    WHERE «origin_holds»
    MATCH (source)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
    ORDER BY source.utcs
  },
  papers: COLLECT {
    MATCH way = (unit)-[:«origins»*0..1]-(certified)-[paper:«certified»]->(certificate)
    WHERE «paper_holds» AND all(origin IN relationships(way)[..-1] WHERE «origin_holds»)
    MATCH (certificate)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [properties(row), paper.valid_from]
    ORDER BY certificate.utcs, paper.valid_from
  },
  promised: COLLECT {
    MATCH (unit)<-[among:«consists»*0..1]-(held)<-[promise:«reserves»]-(order)
    WHERE «promise_holds» AND all(one IN among WHERE «among_holds»)
    MATCH (order)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [held.utcs, order.utcs, promise.quantity, row.status]
    ORDER BY held.utcs, order.utcs
    LIMIT 1000
  }
}
