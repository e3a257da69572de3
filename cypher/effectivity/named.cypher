// Fragment: the things that go by some numbers or identifiers.
// $names: list of string - numbers or identifiers
// $kinds: list of string - the kinds that may be meant
// Returns named: list of [utcs, number], stale.
RETURN
  COLLECT {
    MATCH (named:Anchor)
    WHERE named.kind IN $kinds AND named.utcs > ''
    MATCH (named)-[:VERSION]->(row)
    WHERE (row.number IN $names OR named.utcs IN $names) AND «holds_row»
    RETURN [named.utcs, row.number]
    ORDER BY named.utcs
  } AS named,
  «stale» AS stale
