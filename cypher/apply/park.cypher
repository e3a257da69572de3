// Keeps units that wait for something not yet known.
// $rows: list of {parked: {unit, position, source, id, hash, event, document, group, actor, reason, code, parked_at, expires_at}, needs: list of string}
// Returns nothing.
// :param {rows: []}
UNWIND $rows AS row
CREATE (p:Parked)
SET p = row.parked
WITH p, row
UNWIND row.needs AS key
MERGE (m:Missing {key: key})
CREATE (p)-[:NEEDS]->(m)
