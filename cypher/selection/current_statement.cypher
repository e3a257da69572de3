// Fragment: what only the version row holds, of the version that the anchor is a copy of.
head(COLLECT {
  MATCH («anchor»)-[:VERSION]->(«row»:Version)
  WHERE NOT «row»:History
  RETURN «row».«name»
})
