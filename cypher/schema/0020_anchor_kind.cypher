// The things of a kind are found in the order of their ids.
CREATE INDEX anchor_kind IF NOT EXISTS
FOR (a:Anchor) ON (a.kind, a.utcs)
