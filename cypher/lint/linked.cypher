// Fragment: what stands at the other end of the links of one type, and what each link carries.
COLLECT {
  MATCH (thing)«left»[link:«type»]«right»(other)
  WHERE «holds»
  MATCH (other)-[:VERSION]->(end)
  WHERE «holds_end»
  RETURN [other.utcs, link.valid_from, properties(end), properties(link)]
  ORDER BY other.utcs
  LIMIT 500
}
