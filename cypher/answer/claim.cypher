// Takes a key for a request, unless it stands for one already, and returns how the key stands then.
// $key: string - the key, of one caller
// $fingerprint: string - the SHA-256 of the request
// $claim: string - who works on the request
// $now: integer - the present, microseconds
// $until: integer - when somebody who has not been heard of since is given up
// $expires_at: integer - until when the answer is kept
// $most: integer - how many keys are kept at most
// Returns is_mine, fingerprint, status, media, body; nothing if there are too many keys.
// :param {key: 'a', fingerprint: 'b', claim: 'c', now: 0, until: 1, expires_at: 2, most: 1}
OPTIONAL MATCH (known:Answer {key: $key})
WITH known IS NOT NULL OR COUNT { MATCH (:Answer) } < $most AS has_room
WHERE has_room
MERGE (a:Answer {key: $key})
SET a.locked = true
WITH a, a.expires_at IS NULL
        OR a.expires_at <= $now
        OR (a.status IS NULL AND a.until <= $now AND a.fingerprint = $fingerprint) AS is_mine
FOREACH (_ IN CASE WHEN is_mine THEN [1] ELSE [] END |
  SET a = {key: $key, fingerprint: $fingerprint, claim: $claim, until: $until, expires_at: $expires_at}
)
RETURN is_mine, a.fingerprint AS fingerprint, a.status AS status, a.media AS media, a.body AS body
