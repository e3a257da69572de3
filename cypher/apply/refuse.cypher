// Keeps what was refused, with the reason; the same document refused again counts up.
// $rows: list of {hash, source, id, code, reason, event, size, at}
// Returns nothing.
// :param {rows: []}
UNWIND $rows AS row
MERGE (r:Refusal {hash: row.hash})
ON CREATE SET r.first_at = row.at,
              r.attempts = 0
SET r.attempts = r.attempts + 1,
    r.last_at = row.at,
    r.source = row.source,
    r.id = row.id,
    r.code = row.code,
    r.reason = row.reason,
    r.event = row.event,
    r.size = row.size
