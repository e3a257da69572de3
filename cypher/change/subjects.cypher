// Fragment: what some changes are about: what they alter, what they name, and the parts that it takes the place of.
// $family: list of string - the changes
// $named: list of string - what else, because it is proposed
// $limit: integer - how many at most
// Returns changes: list of properties, subjects: list of [link as read from the change, other, properties], stale.
RETURN
  COLLECT {
    MATCH (change:Anchor)-[:VERSION]->(row)
    WHERE change.utcs IN $family AND «holds_row»
    RETURN properties(row)
    ORDER BY change.utcs
  } AS changes,
  COLLECT {
    CALL () {
      MATCH (change:Anchor)<-[link:«alters»]-(thing)
      WHERE change.utcs IN $family AND «altered»
      RETURN 'ALTERS' AS reads, change.utcs AS other, thing
      UNION
      MATCH (change:Anchor)-[link:«about»]->(thing)
      WHERE change.utcs IN $family AND «spoken» AND thing.kind = 'part'
      RETURN 'ABOUT' AS reads, change.utcs AS other, thing
      UNION
      MATCH (change:Anchor)<-[link:«subject»]-(thing)
      WHERE change.utcs IN $family AND «subjected» AND thing.kind = 'part'
      RETURN 'APPLIES_TO' AS reads, change.utcs AS other, thing
      UNION
      MATCH (change:Anchor)<-[link:«alters»]-(new)
      WHERE change.utcs IN $family AND «altered» AND new.kind = 'part'
      MATCH (new)-[replacing:«supersedes»]->(thing)
      WHERE «replaced»
      RETURN 'SUPERSEDES' AS reads, new.utcs AS other, thing
      UNION
      MATCH (thing:Anchor)
      WHERE thing.utcs IN $named
      RETURN 'PROPOSED' AS reads, thing.utcs AS other, thing
    }
    MATCH (thing)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [reads, other, properties(row)]
    ORDER BY thing.utcs, reads, other
    LIMIT $limit
  } AS subjects,
  «stale» AS stale
