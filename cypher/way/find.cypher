// Fragment: what one way leads to from a thing, with its links.
MATCH (thing)«hops»
WHERE goal.kind IN [«kinds»]
RETURN «number» AS way, goal, [«links»] AS links
