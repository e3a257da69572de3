// Says of a dead letter that it is a call, and to which endpoint; it is not due any more.
// $hash: string - the letter
// $endpoint: string - the name of the endpoint
// Returns nothing.
// :param {hash: 'ab12', endpoint: 'cmms'}
MATCH (r:Refusal {hash: $hash})
SET r.endpoint = $endpoint
REMOVE r:Due
