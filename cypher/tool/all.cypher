// Fragment: all tools.
// $start: string - the first id that may be told
MATCH (tool:Anchor)
WHERE tool.kind = 'tool' AND tool.utcs >= $start
