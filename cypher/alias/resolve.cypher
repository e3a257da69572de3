// Fragment: the things that carry an alias at a moment, and those that carried it at any time.
// $keys: list of strings - alias keys
// Returns found: list of [key, utcs, name], others: list of [key, utcs], stale.
RETURN
  COLLECT {
    MATCH (alias:Alias)-[:NAMES]->(thing)
    WHERE alias.key IN $keys AND EXISTS {
      MATCH (thing)-[:VERSION]->(row)
      WHERE alias.key IN row.aliases AND «holds»
    }
    RETURN [alias.key, thing.utcs, «name»]
    ORDER BY alias.key, thing.utcs
    LIMIT $limit
  } AS found,
  COLLECT {
    MATCH (alias:Alias)-[:NAMES]->(thing)
    WHERE alias.key IN $keys
    RETURN [alias.key, thing.utcs]
    ORDER BY alias.key, thing.utcs
    LIMIT $limit
  } AS others,
  «stale» AS stale
