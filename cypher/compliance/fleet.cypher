// Fragment: a page of all aircraft, and of the units that one of some changes names, in the order of their ids.
// $demands: list of string - the changes
// $after: string - the id that the page before ended with
// $limit: integer - how many at most
CALL {
  MATCH (unit:Anchor)
  WHERE unit.kind = 'aircraft' AND unit.utcs > $after
  RETURN unit
  UNION
  UNWIND $demands AS utcs
  MATCH (:Anchor {utcs: utcs})<-[link:«types»]-(unit)
  WHERE unit.kind = 'serial' AND unit.utcs > $after AND «holds»
  RETURN unit
}
WITH unit
WHERE «exists»
WITH unit
ORDER BY unit.utcs
LIMIT $limit
