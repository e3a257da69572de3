// Fragment: what depends on things that a change is about: maintenance, papers, stock, orders, units.
// $family: list of string - the changes
// $near: list of string - the changes, and what they are about
// $parts: list of string - the part numbers that the change is about, but those that take their place
// $limit: integer - how many of each sort at most
// A name that a subquery uses anew for another relationship made Neo4j 5.26 find nothing: each has its own.
// Returns touched: list of [properties, link, what it leads to], stock: list of [properties, part, reservations:
//   list of [utcs, status]], orders: list of [properties, part], units: list of [utcs, kind, part, status,
//   whether it is installed, aircraft], installed: list of [part, number], units_total, stale.
MATCH (subject:Anchor)
WHERE subject.utcs IN $near
WITH collect(subject) AS near
WITH near, near + COLLECT {
  UNWIND near AS subject
  MATCH (subject)-[link:«leads»]->(wider)
  WHERE «leading»
  RETURN DISTINCT wider
} AS all
RETURN
  COLLECT {
    CALL (near, all) {
      UNWIND all AS target
      MATCH (thing)-[link:«depends»]->(target)
      WHERE «depending» AND thing.kind IN ['task', 'publication', 'document', 'training']
      RETURN DISTINCT thing, «type» AS type, target
      UNION
      UNWIND near AS target
      MATCH (thing)-[link:«follows»]->(target)
      WHERE «following» AND thing.kind IN ['task', 'publication', 'document', 'training']
      RETURN DISTINCT thing, «type» AS type, target
      UNION
      UNWIND all AS target
      MATCH (target)-[link:«requires»]->(thing)
      WHERE target.utcs IN $family AND «required» AND thing.kind IN ['tool', 'training']
      RETURN DISTINCT thing, «type» AS type, target
      UNION
      UNWIND all AS target
      MATCH (task)-[link:«performed»]->(target)
      WHERE «performing»
      MATCH (task)-[need:«requires»]->(thing)
      WHERE «needed» AND thing.kind IN ['tool', 'training']
      RETURN DISTINCT thing, 'REQUIRES' AS type, task AS target
    }
    MATCH (thing)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [properties(row), type, target.utcs]
    ORDER BY thing.utcs, type, target.utcs
    LIMIT $limit
  } AS touched,
  COLLECT {
    MATCH (part:Anchor)<-[link:«instance»]-(stock)
    WHERE part.utcs IN $parts AND «made_to» AND stock.kind = 'stock'
    MATCH (stock)-[:VERSION]->(row)
    WHERE «holds_row» AND NOT coalesce(row.quantity, 1) = 0
    WITH part, stock, row
    ORDER BY stock.utcs
    LIMIT $limit
    RETURN [
      properties(row), part.utcs,
      COLLECT {
        MATCH (stock)<-[hold:«reserves»]-(work)
        WHERE «reserved»
        RETURN work.utcs
        ORDER BY work.utcs
      }
    ]
  } AS stock,
  COLLECT {
    MATCH (part:Anchor)<-[link:«orders»]-(order)
    WHERE part.utcs IN $parts AND «ordered»
    MATCH (order)-[:VERSION]->(row)
    WHERE «holds_row» AND NOT coalesce(row.status, '') IN ['completed', 'closed', 'cancelled']
    RETURN [properties(row), part.utcs]
    ORDER BY order.utcs
    LIMIT $limit
  } AS orders,
  COLLECT {
    MATCH (part:Anchor)<-[link:«instance»]-(unit)
    WHERE part.utcs IN $parts AND «made_to» AND unit.kind IN ['serial', 'aircraft']
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row»
    WITH part, unit, row
    ORDER BY unit.utcs
    LIMIT $limit
    RETURN [
      unit.utcs, unit.kind, part.utcs, row.status,
      EXISTS { MATCH (unit)<-[place:«contains»]-() WHERE «contained» },
      head(COLLECT {
        MATCH path = (unit)<-[:«contains»*0..20]-(carrier)
        WHERE carrier.kind = 'aircraft' AND all(place IN relationships(path) WHERE «contained»)
        RETURN carrier.utcs
        LIMIT 1
      })
    ]
  } AS units,
  COLLECT {
    MATCH (part:Anchor)<-[link:«instance»]-(unit)
    WHERE part.utcs IN $parts AND «made_to» AND unit.kind = 'serial'
    WITH part, unit
    WHERE EXISTS { MATCH (unit)<-[place:«contains»]-() WHERE «contained» }
    WITH part.utcs AS utcs, count(*) AS number
    RETURN [utcs, number]
    ORDER BY utcs
  } AS installed,
  COUNT {
    MATCH (part:Anchor)<-[link:«instance»]-(unit)
    WHERE part.utcs IN $parts AND «made_to» AND unit.kind IN ['serial', 'aircraft']
  } AS units_total,
  «stale» AS stale
