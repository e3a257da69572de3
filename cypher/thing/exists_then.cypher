// Fragment: a thing exists at a time, as known at a time.
EXISTS {
  MATCH («anchor»)-[:VERSION]->(row)
  WHERE «holds»
}
