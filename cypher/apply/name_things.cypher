// Makes things findable under their aliases.
// $rows: list of {key, utcs} - alias keys and the things that bear them
// Returns nothing.
// :param {rows: [{key: 'msn:0001', utcs: 'utcs:A:aircraft:1'}]}
UNWIND $rows AS row
MATCH (a:Anchor {utcs: row.utcs})
MERGE (k:Alias {key: row.key})
MERGE (k)-[:NAMES]->(a)
