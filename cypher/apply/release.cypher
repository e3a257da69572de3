// Lets go of units that no longer wait, and of the keys that nobody waits for any more.
// $events: list of [source, id] - identities of the parked events
// Returns nothing.
// :param {events: []}
UNWIND $events AS event
MATCH (p:Parked {source: event[0], id: event[1]})
OPTIONAL MATCH (p)-[:NEEDS]->(m:Missing)
WITH p, collect(m) AS keys
DETACH DELETE p
WITH keys
UNWIND keys AS m
WITH DISTINCT m
WHERE NOT EXISTS { (m)<-[:NEEDS]-() }
DELETE m
