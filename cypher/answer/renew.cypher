// Says that somebody still works on a request.
// $key: string - the key of the request
// $claim: string - who works on it
// $until: integer - when they are given up if nothing more is heard, microseconds
// Returns nothing.
// :param {key: 'a', claim: 'c', until: 1}
MATCH (a:Answer {key: $key})
WHERE a.claim = $claim
SET a.until = $until
