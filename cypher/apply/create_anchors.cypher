// Creates the anchors of things whose copy is made from their versions afterwards.
// $rows: list of {utcs, kind} - the things
// Returns nothing.
// :param {rows: [{utcs: 'utcs:A:part:1', kind: 'part'}]}
UNWIND $rows AS row
CREATE (a:Anchor)
SET a = row
