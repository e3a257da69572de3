// Fragment: the rules of effectivity that limit some changes.
// $changes: list of string - the changes
// Returns changes: list of string, rules: list of [change, rule, name, expression, msns, first day, last day], stale.
RETURN
  COLLECT {
    MATCH (change:Anchor)
    WHERE change.utcs IN $changes AND «exists»
    RETURN change.utcs
  } AS changes,
  COLLECT {
    MATCH (change:Anchor)-[limit:«types»]->(rule)
    WHERE change.utcs IN $changes AND «holds»
    MATCH (rule)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [change.utcs, rule.utcs, row.name, row.expression, row.msns, row.effective_on, row.expires_on]
    ORDER BY change.utcs, rule.utcs
  } AS rules,
  «stale» AS stale
