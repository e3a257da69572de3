// Returns the parked units that wait for any of some keys, each with the events it is made of.
// $keys: list of string - what a batch brings or lacks
// $seen: list of string - units that are loaded already
// Returns unit, events (list of [canonical JSON, as it was sent], in their order).
// :param {keys: ['utcs:AMPEL360:part:P-1'], seen: []}
UNWIND $keys AS key
MATCH (:Missing {key: key})<-[:NEEDS]-(p:Parked)
WHERE NOT p.unit IN $seen
WITH DISTINCT p.unit AS unit
MATCH (p:Parked {unit: unit})
WITH unit, p
ORDER BY unit, p.position
RETURN unit, collect([p.event, p.document]) AS events
ORDER BY unit
