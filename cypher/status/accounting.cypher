// Fragment: what stands on record of a unit at a moment: baselines, changes, certificates, open records, work.
// `WITH DISTINCT part` keeps Neo4j (5.26) from beginning with all records, and seeking a way to each.
// $utcs: string - the unit
// $open: list of [kind, status] - records of these kinds that stand so are open
// $finished: list of string - work orders that stand so are finished
// $limit: integer - how many records of each sort at most
// Returns row: map or null, baselines: list of map, embodied: list of [change, since, what the link carries],
//   certificates: list of map, releases: list of [work order, map], released: list of [status, number],
//   records: list of [unit, map], orders: list of map, stale.
MATCH (unit:Anchor {utcs: $utcs})
RETURN
  head(COLLECT {
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }) AS row,
  COLLECT {
    MATCH (unit)-[link:«baseline»]-(baseline)
    WHERE baseline.kind = 'baseline' AND «baseline_holds»
    MATCH (baseline)-[:VERSION]->(row)
    WHERE «holds_row»
    WITH DISTINCT row
    RETURN properties(row)
    ORDER BY row.utcs
  } AS baselines,
  COLLECT {
    MATCH (unit)-[link:«embodies»]->(change)
    WHERE «embodies_holds»
    MATCH (change)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [properties(row), link.valid_from, properties(link)]
    ORDER BY change.utcs
    LIMIT $limit
  } AS embodied,
  COLLECT {
    MATCH (unit)-[link:«certified»]->(certificate)
    WHERE «certified_holds»
    MATCH (certificate)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
    ORDER BY certificate.utcs
    LIMIT $limit
  } AS certificates,
  COLLECT {
    MATCH (unit)<-[works:«works_on»]-(order)<-[link:«releases»]-(release)
    WHERE «works_holds» AND «releases_holds»
    MATCH (release)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [order.utcs, properties(row)]
    ORDER BY coalesce(row.issued_at, '') DESC, release.utcs
    LIMIT 10
  } AS releases,
  COLLECT {
    MATCH (unit)<-[works:«works_on»]-(order)<-[link:«releases»]-(release)
    WHERE «works_holds» AND «releases_holds»
    MATCH (release)-[:VERSION]->(row)
    WHERE «holds_row»
    WITH row.status AS status, count(*) AS number
    RETURN [status, number]
    ORDER BY number DESC, status
  } AS released,
  COLLECT {
    MATCH path = (unit)-[:«contains»*0..20]->(part)
    WHERE all(step IN relationships(path) WHERE «contains_holds»)
    WITH DISTINCT part
    MATCH (part)<-[link:«about»]-(record)
    WHERE record.kind IN [pair IN $open | pair[0]] AND «about_holds»
    MATCH (record)-[:VERSION]->(row)
    WHERE «holds_row»
    WITH part, record, row
    WHERE row.status IS NULL OR [record.kind, row.status] IN $open
    RETURN DISTINCT [part.utcs, properties(row)] AS found
    ORDER BY found[1].kind, found[1].utcs, found[0]
    LIMIT $limit
  } AS records,
  COLLECT {
    MATCH (unit)<-[works:«works_on»]-(order)
    WHERE order.kind = 'workorder' AND «works_holds»
    MATCH (order)-[:VERSION]->(row)
    WHERE «holds_row» AND NOT coalesce(row.status, '') IN $finished
    RETURN properties(row)
    ORDER BY order.utcs
    LIMIT $limit
  } AS orders,
  «stale» AS stale
