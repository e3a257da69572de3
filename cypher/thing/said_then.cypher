// Fragment: what is said of a thing at a time, as known at a time.
head(COLLECT {
  MATCH («anchor»)-[:VERSION]->(row)
  WHERE «holds»
  RETURN row.«name»
})
