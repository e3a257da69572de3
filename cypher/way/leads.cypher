// Fragment: a way leads from a thing to one of some kinds.
EXISTS {
  MATCH («thing»)«hops»
  WHERE goal.kind IN [«kinds»]
}
