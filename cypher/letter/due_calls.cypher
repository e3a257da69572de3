// Returns the calls to an endpoint that are to be made again, those given up first first.
// $endpoint: string - the name of the endpoint
// $limit: integer - how many at most
// Returns id, document: bytes, source, actor.
// :param {endpoint: 'cmms', limit: 100}
MATCH (r:Refusal:Due {endpoint: $endpoint})
RETURN r.id AS id, r.document AS document, r.source AS source, r.actor AS actor
ORDER BY r.first_at, r.hash
LIMIT $limit
