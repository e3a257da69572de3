// Writes rows of belief of links; a row without content shares that of an older row.
// $rows: list of {source, target, type, content, stored, row} - stored is the element id of the older row, or null
// Returns nothing.
// :param {rows: [{source: 'utcs:A:part:1', target: 'utcs:A:part:2', type: 'HAS_COMPONENT', content: {}, stored: null, row: {made: 1}}]}
UNWIND $rows AS row
MATCH (s:Anchor {utcs: row.source})
MATCH (t:Anchor {utcs: row.target})
CREATE (s)-[r:$(row.type)]->(t)
SET r = row.content,
    r += row.row
