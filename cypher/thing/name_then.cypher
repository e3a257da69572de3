// Fragment: what a thing is called at a time, as known at a time.
head(COLLECT {
  MATCH («anchor»)-[:VERSION]->(row)
  WHERE «holds»
  RETURN row.name
})
