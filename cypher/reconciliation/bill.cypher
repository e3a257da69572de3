// Fragment: the bills of material of some parts at a moment, line by line, at any depth.
// A line comes once for each of the parts that reach it: whatever is written here, Neo4j (5.26) takes what one
// of several starts reaches for distinct, and drops the step that would make it so.
// $parts: list of string - the parts
// Returns lines: list of [assembly, find number, component, quantity, effectivity], stale.
RETURN
  COLLECT {
    MATCH (top:Anchor)
    WHERE top.utcs IN $parts
    MATCH path = (top)-[:«types»*0..20]->(assembly)
    WHERE all(link IN relationships(path) WHERE «holds»)
    WITH assembly, min(length(path)) AS depth
    MATCH (assembly)-[link:«types»]->(component)
    WHERE component.kind = 'part' AND «holds»
    RETURN [assembly.utcs, link.slot, component.utcs, link.quantity, link.effectivity]
    ORDER BY assembly.utcs, link.slot, component.utcs
  } AS lines,
  «stale» AS stale
