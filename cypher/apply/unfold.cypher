// Gives things that are their own only version a version apart, so that others can follow.
// $utcs: list of string - the things
// Returns before, after: the element ids of the version; nothing for things that have versions apart.
// :param {utcs: ['utcs:A:part:1']}
UNWIND $utcs AS utcs
MATCH (a:Anchor {utcs: utcs})-[loop:VERSION]->(a)
CREATE (a)-[:VERSION]->(v:Version)
SET v = properties(a)
REMOVE v.version, v.born, a:Version
DELETE loop
RETURN elementId(a) AS before, elementId(v) AS after
