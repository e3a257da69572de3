// Returns events of the log as they were taken.
// $events: list of [source, id] - identities of events
// Returns source, id, seq, hash, event (canonical JSON).
// :param {events: [['urn:a', '1']]}
UNWIND $events AS event
MATCH (c:Change {source: event[0], id: event[1]})
RETURN c.source AS source, c.id AS id, c.seq AS seq, c.hash AS hash, c.event AS event
ORDER BY seq
