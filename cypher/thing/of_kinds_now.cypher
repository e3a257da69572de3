// Fragment: the things of some kinds that are there now and meet some conditions, each with its properties.
// $kinds: list of string - the kinds
// $prefix: string - how their ids begin; empty for all
// $conditions: list of [property, values, whether none is one of them, whether those with one are meant]
MATCH (thing:Anchor)
WHERE thing.kind IN $kinds AND thing.utcs STARTS WITH $prefix AND thing.version IS NOT NULL
WITH thing, thing AS itself
WHERE all(c IN $conditions WHERE CASE WHEN itself[c[0]] IS NULL THEN c[2] ELSE itself[c[0]] IN c[1] END = c[3])
