// Parked events are found by when they expire.
CREATE INDEX parked_expires IF NOT EXISTS
FOR (p:Parked) ON (p.expires_at)
