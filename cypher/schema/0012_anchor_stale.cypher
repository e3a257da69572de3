// Copies that go stale by the clock alone are found by when they do.
CREATE INDEX anchor_stale_at IF NOT EXISTS
FOR (a:Anchor) ON (a.stale_at)
