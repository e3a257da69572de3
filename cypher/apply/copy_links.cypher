// Writes rows of belief of links that share the content of an older row.
// $rows: list of {stored, type, row} - stored is the element id of the older row
// Returns nothing.
// :param {rows: [{stored: '5:x:1', type: 'CONTAINS_PAST', row: {made: 1}}]}
UNWIND $rows AS row
MATCH (s:Anchor)-[older]->(t:Anchor)
WHERE elementId(older) = row.stored
CREATE (s)-[r:$(row.type)]->(t)
SET r = properties(older),
    r += row.row
