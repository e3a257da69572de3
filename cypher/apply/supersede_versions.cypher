// Marks rows of belief of things as believed no longer.
// $rows: list of {stored, superseded_at} - stored is the element id of the row
// Returns nothing.
// :param {rows: [{stored: '4:x:1', superseded_at: 0}]}
UNWIND $rows AS row
MATCH (v:Version)
WHERE elementId(v) = row.stored
SET v.superseded_at = row.superseded_at,
    v:History
