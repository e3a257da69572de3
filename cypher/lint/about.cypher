// Fragment: a window of the records of a kind about a unit: itself and what it has on board, work on these,
// certificates of both, and what is spoken of them; in the order of their ids.
// $unit: string - the unit
// $kind: string - the kind
// $start: string - the first id that may be listed
// $limit: integer - how many at most
MATCH path = (:Anchor {utcs: $unit})-[:«contains»*0..20]->(part)
WHERE all(step IN relationships(path) WHERE «contains_holds»)
WITH DISTINCT part
CALL (part) {
  RETURN part AS thing
  UNION
  MATCH (part)<-[link:«about»]-(thing)
  WHERE «about_holds»
  RETURN thing
  UNION
  MATCH (part)<-[link:«about»]-(order)<-[next:«releases»]-(thing)
  WHERE «about_holds» AND «releases_holds»
  RETURN thing
  UNION
  MATCH (part)-[link:«certified»]->(thing)
  WHERE «certified_holds»
  RETURN thing
}
WITH DISTINCT thing
WHERE thing.kind = $kind AND thing.utcs >= $start AND «exists»
WITH thing
ORDER BY thing.utcs
LIMIT $limit
