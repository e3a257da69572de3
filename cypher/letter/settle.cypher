// Records what was done about dead letters, beside what was done before, and how each stands now.
// $rows: list of {hash, state, attempts, settlement: map} - attempts is how many more there were
// Returns hash, number: of the settlement among those of its letter.
// :param {rows: []}
UNWIND $rows AS row
MATCH (r:Refusal {hash: row.hash})
SET r.state = row.state,
    r.attempts = r.attempts + row.attempts
WITH r, row, COUNT { (:Settlement)-[:SETTLES]->(r) } + 1 AS number
CREATE (s:Settlement)-[:SETTLES]->(r)
SET s = row.settlement,
    s.number = number
RETURN row.hash AS hash, number
ORDER BY hash
