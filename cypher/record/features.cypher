// Fragment: what a window of the things of a kind say of the features by which they are compared.
// $kind, $start, $limit: as of record/of_kind
// Returns records: list of [utcs, name, values], stale.
RETURN
  COLLECT {
    «things»
    RETURN [thing.utcs, thing.name, [«values»]]
    ORDER BY thing.utcs
  } AS records,
  «stale» AS stale
