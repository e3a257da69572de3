// Returns which of some events are parked already.
// $events: list of [source, id] - identities of events
// Returns source, id, hash.
// :param {events: [['urn:a', '1']]}
UNWIND $events AS event
MATCH (p:Parked {source: event[0], id: event[1]})
RETURN p.source AS source, p.id AS id, p.hash AS hash
ORDER BY source, id
