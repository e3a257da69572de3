// Fragment: what some changes alter, where they apply, and how far they have been carried out.
// $things: list of string - the changes
// $limit: integer - how many altered things at most
// Returns altered: list of [change, utcs, kind, name], altered_total, rules: list of [change, properties],
//   carried: list of [change, embodied, complied with, work orders],
//   signatures: list of [change, since, slot, person, statement, source, id, seq], stale.
RETURN
  COLLECT {
    MATCH (change:Anchor)<-[link:«alters»]-(thing)
    WHERE change.utcs IN $things AND «altered»
    WITH change, thing
    ORDER BY change.utcs, thing.utcs
    LIMIT $limit
    RETURN [change.utcs, thing.utcs, thing.kind, «name»]
  } AS altered,
  COUNT {
    MATCH (change:Anchor)<-[link:«alters»]-()
    WHERE change.utcs IN $things AND «altered»
  } AS altered_total,
  COLLECT {
    MATCH (change:Anchor)-[link:«limits»]->(rule)
    WHERE change.utcs IN $things AND «limited»
    MATCH (rule)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [change.utcs, properties(row)]
    ORDER BY change.utcs, rule.utcs
  } AS rules,
  COLLECT {
    MATCH (change:Anchor)
    WHERE change.utcs IN $things
    WITH change,
      COUNT { MATCH (change)<-[link:«embodies»]-() WHERE «embodied» } AS embodied,
      COUNT { MATCH (change)<-[link:«complies»]-() WHERE «complied» } AS complied,
      COUNT { MATCH (change)<-[link:«executes»]-() WHERE «executed» } AS orders
    WHERE embodied + complied + orders > 0
    RETURN [change.utcs, embodied, complied, orders]
    ORDER BY change.utcs
  } AS carried,
  COLLECT {
    MATCH (change:Anchor)-[link:«signed_types»]->(person)
    WHERE change.utcs IN $things AND «signed» AND link.valid_from <= $world
    MATCH (event:Change {seq: link.made})
    RETURN [change.utcs, link.valid_from, link.slot, person.utcs, link.statement, event.source, event.id, event.seq]
    ORDER BY link.valid_from, link.slot
  } AS signatures,
  «stale» AS stale
