// Locks the change log, then returns parked events whose time is up; those of a unit expire together.
// $now: integer - the present, microseconds
// $limit: integer - how many at most
// Returns source, id, group, actor, document (bytes; JSON text of those parked by earlier releases), reason.
// :param {now: 0, limit: 1000}
MATCH (log:Log {name: 'changes'})
SET log.locked = true
WITH log
MATCH (p:Parked)
WHERE p.expires_at <= $now
RETURN p.source AS source, p.id AS id, p.group AS group, p.actor AS actor,
       coalesce(p.document, p.event) AS document, p.reason AS reason
ORDER BY p.expires_at, source, id
LIMIT $limit
