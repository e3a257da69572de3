// Fragment: the first thing at the other end of the links of one type, of which a thing has at most a few.
head(COLLECT {
  MATCH (thing)«left»[link:«type»]«right»(other)
  WHERE «holds»
  RETURN other.utcs
  ORDER BY other.utcs
  LIMIT 1
})
