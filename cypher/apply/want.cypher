// Says what parked units wait for that were tried again, in addition to what they waited for before.
// $rows: list of {unit, code, reason, needs: list of string} - by the key of the unit
// Returns nothing.
// :param {rows: []}
UNWIND $rows AS row
MATCH (p:Parked {unit: row.unit})
SET p.code = row.code,
    p.reason = row.reason
WITH p, row
UNWIND row.needs AS key
MERGE (m:Missing {key: key})
MERGE (p)-[:NEEDS]->(m)
