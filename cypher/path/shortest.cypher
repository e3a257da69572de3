// Fragment: the shortest ways from one thing to another along the arrows, each with all that it passes.
// $source: string, $target: string - the two things
// Returns source_exists, target_exists, paths: list of [things, links], stale.
OPTIONAL MATCH (source:Anchor {utcs: $source})
OPTIONAL MATCH (target:Anchor {utcs: $target})
RETURN
  «source_exists» AS source_exists,
  «target_exists» AS target_exists,
  COLLECT {
    MATCH path = SHORTEST «k» (source)(()-[link:«types» WHERE «holds»]->()){1,«depth»}(target)
    WITH [thing IN nodes(path) | [thing.utcs, thing.kind, «name»]] AS things,
         [step IN relationships(path) | [
           CASE WHEN startNode(step).n > 1 OR endNode(step).n > 1 THEN elementId(step) END, «type», properties(step)
         ]] AS links
    ORDER BY size(links), things, [link IN links | [link[1], coalesce(link[2].slot, '')]]
    RETURN [things, links]
  } AS paths,
  «stale» AS stale
