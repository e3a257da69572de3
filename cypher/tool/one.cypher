// Fragment: one tool.
// $tool: string - the tool
// $start: string - its id, too
MATCH (tool:Anchor {utcs: $tool})
WHERE tool.utcs >= $start
