// Fragment: what stands at the other end of the links of one type, of which a thing has few.
COLLECT {
  MATCH (thing)«left»[link:«type»]«right»(other)
  WHERE «holds»
  RETURN [other.utcs, link.valid_from, properties(other)]
  ORDER BY other.utcs
  LIMIT 20
}
