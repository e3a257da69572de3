// Returns which events of a source are in the change log.
// $source: string - the source
// $ids: list of string - the ids of events
// Returns id.
// :param {source: 'urn:utcs:quality', ids: ['1']}
UNWIND $ids AS id
MATCH (entry:Change {source: $source, id: id})
RETURN entry.id AS id
ORDER BY id
