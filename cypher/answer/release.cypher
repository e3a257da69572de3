// Lets go of a key whose request came to no answer that is worth keeping.
// $key: string - the key of the request
// $claim: string - who worked on it
// Returns nothing.
// :param {key: 'a', claim: 'c'}
MATCH (a:Answer {key: $key})
WHERE a.claim = $claim
DELETE a
