// Moves rows of belief of links that are believed no longer to the past type of their link.
// $rows: list of {stored, type, superseded_at} - stored is the element id of the row
// Returns nothing.
// :param {rows: [{stored: '5:x:1', type: 'CONTAINS_PAST', superseded_at: 0}]}
UNWIND $rows AS row
MATCH (s:Anchor)-[older]->(t:Anchor)
WHERE elementId(older) = row.stored
CREATE (s)-[r:$(row.type)]->(t)
SET r = properties(older),
    r.superseded_at = row.superseded_at
DELETE older
