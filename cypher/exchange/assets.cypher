// Returns the things with a passport that some things are, are installed in, or are records about; as is true and known now.
// $things: list of string - their ids
// Returns thing, asset (its id), passport (the key of its alias).
// :param {things: ['utcs:A:serial:1']}
UNWIND $things AS utcs
MATCH (thing:Anchor {utcs: utcs})
CALL (thing) {
  RETURN thing AS unit
UNION
  MATCH (thing)-[:WORKS_ON|ABOUT|COUNTS|FLOWN_BY]->(unit)
  RETURN unit
}
MATCH (unit)<-[:CONTAINS*0..20]-(asset)
MATCH (asset)<-[:NAMES]-(name:Alias)
WHERE name.key STARTS WITH 'dpp:' AND name.key IN asset.aliases
RETURN DISTINCT utcs AS thing, asset.utcs AS asset, name.key AS passport
ORDER BY thing, asset, passport
