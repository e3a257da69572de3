// Fragment: a unit, and the units within it, at any depth, that one of some changes names.
// $unit: string - the unit
// $demands: list of string - the changes
MATCH path = (:Anchor {utcs: $unit})-[:«contains»*0..20]->(unit)
WHERE all(step IN relationships(path) WHERE «contains_holds»)
  AND (unit.utcs = $unit OR EXISTS {
    MATCH (unit)-[link:«types»]->(change)
    WHERE change.utcs IN $demands AND «holds»
  })
WITH DISTINCT unit
WHERE «exists»
WITH unit
ORDER BY unit.utcs
