// Fragment: a way leads to something that has what is asked for.
EXISTS {
  MATCH (thing)«hops»
  WHERE goal.kind IN [«kinds»] AND «own»
}
