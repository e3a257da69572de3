// Fragment: what stands in one cell by one way, with the links that make it stand there.
MATCH (thing)«hops»
WHERE goal.kind IN [«kinds»]
RETURN «number» AS way, goal, [«links»] AS links
