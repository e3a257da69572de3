// Returns all things with a passport; as is true and known now.
// $limit: integer - how many at most
// Returns asset (its id), passport (the key of its alias).
// :param {limit: 1000}
MATCH (name:Alias)-[:NAMES]->(asset:Anchor)
WHERE name.key STARTS WITH 'dpp:' AND name.key IN asset.aliases
RETURN asset.utcs AS asset, name.key AS passport
ORDER BY asset, passport
LIMIT $limit
