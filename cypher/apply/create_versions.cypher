// Writes rows of belief of things; a row without content shares that of an older row.
// $rows: list of {utcs, content, stored, row} - stored is the element id of the older row, or null
// Returns nothing.
// :param {rows: [{utcs: 'utcs:A:part:1', content: {name: 'a'}, stored: null, row: {n: 1}}]}
UNWIND $rows AS row
MATCH (a:Anchor {utcs: row.utcs})
OPTIONAL MATCH (older:Version)
WHERE elementId(older) = row.stored
CREATE (a)-[:VERSION]->(v:Version:History)
SET v = coalesce(row.content, properties(older)),
    v += row.row
