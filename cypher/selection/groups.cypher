// Fragment: how many things there are for each value of a property, whatever the page; most first.
COLLECT {
  MATCH «path»
  WHERE «conditions»
  WITH «property» AS value, count(*) AS number
  ORDER BY number DESC, value
  LIMIT «limit»
  RETURN [value, number]
}
