// Fragment: a link leads to such a thing.
EXISTS {
  MATCH «path»
  WHERE «conditions»
}
