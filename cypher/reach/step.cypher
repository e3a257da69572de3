// Fragment: each thing that is reached, once, with its depth: how many links the shortest way has.
// Planned as VarLengthExpand(Pruning,BFS), which visits each thing once and yields nearest first.
MATCH path = (start)«left»[:«types»*1..«depth»]«right»(thing)
WHERE all(link IN relationships(path) WHERE «holds»)
WITH start, thing, min(length(path)) AS depth
WHERE thing <> start
