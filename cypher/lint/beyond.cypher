// Fragment: what stands two links away, and what the first of these carries.
COLLECT {
  MATCH (thing)«left»[link:«type»]«right»(via)«left_on»[onward:«type_on»]«right_on»(other)
  WHERE «holds» AND «holds_on»
  MATCH (other)-[:VERSION]->(end)
  WHERE «holds_end»
  RETURN [other.utcs, link.valid_from, properties(end), properties(link)]
  ORDER BY other.utcs
  LIMIT 500
}
