// Keeps the answer to a request, whole, unless somebody else has taken the request over.
// $key: string - the key of the request
// $claim: string - who worked on it
// $status: integer - the HTTP status
// $media: string - the media type
// $body: bytes - the body, compressed
// Returns nothing.
// :param {key: 'a', claim: 'c', status: 200, media: 'application/json', body: null}
MATCH (a:Answer {key: $key})
WHERE a.claim = $claim
SET a.status = $status,
    a.media = $media,
    a.body = $body
