// Fragment: the ends of links whose change matters: what each leads to, and of some types where it begins.
// $kinds: list of string - the kinds of things whose change matters
// $prefix: string - how their ids begin; empty for all
WITH DISTINCT link
UNWIND CASE WHEN «type» IN [«by_target»] THEN [endNode(link)] ELSE [] END
  + CASE WHEN «type» IN [«by_source»] THEN [startNode(link)] ELSE [] END AS thing
WITH link, thing
WHERE thing.kind IN $kinds AND thing.utcs STARTS WITH $prefix AND thing.n > 1
