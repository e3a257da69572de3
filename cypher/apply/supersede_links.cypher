// Moves rows of belief of links that are believed no longer out of the way of those that are.
// $rows: list of {stored, link, superseded_at} - stored is the element id of the row
// Returns nothing.
// :param {rows: [{stored: '5:x:1', link: 'CONTAINS', superseded_at: 0}]}
UNWIND $rows AS row
MATCH (s:Anchor)-[older]->(t:Anchor)
WHERE elementId(older) = row.stored
CREATE (s)-[r:PAST_BELIEF]->(t)
SET r = properties(older),
    r.was = row.link,
    r.superseded_at = row.superseded_at
DELETE older
