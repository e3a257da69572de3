// Fragment: a person with the qualifications that were theirs at a moment.
[
  person.utcs,
  head(COLLECT {
    MATCH (person)-[:VERSION]->(said)
    WHERE «said»
    RETURN properties(said)
  }),
  COLLECT {
    MATCH (person)-[held:«qualified»]->(qualification)
    WHERE «held»
    MATCH (qualification)-[:VERSION]->(right)
    WHERE «right»
    RETURN properties(right)
    ORDER BY qualification.utcs
  }
]
