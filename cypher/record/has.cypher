// Fragment: whether a thing has a link of one type.
EXISTS {
  MATCH (thing)«left»[link:«type»]«right»()
  WHERE «holds»
}
