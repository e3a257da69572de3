// Keeps what was refused, with the reason; the same document refused again counts up, and is open again.
// $rows: list of {hash, source, id, group, actor, code, reason, document, size, at}
// Returns nothing.
// :param {rows: []}
UNWIND $rows AS row
MERGE (r:Refusal {hash: row.hash})
ON CREATE SET r.first_at = row.at,
              r.attempts = 0
SET r.attempts = r.attempts + 1,
    r.state = 'open',
    r.last_at = row.at,
    r.source = row.source,
    r.id = row.id,
    r.group = row.group,
    r.actor = row.actor,
    r.code = row.code,
    r.reason = row.reason,
    r.document = row.document,
    r.size = row.size
REMOVE r.event
