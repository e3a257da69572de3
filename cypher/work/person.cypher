// Fragment: a person with the qualifications that were theirs at a moment, and the trainings completed for each.
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
    RETURN [
      properties(right),
      COLLECT {
        MATCH (qualification)-[done:«completed»]->(training)
        WHERE «done»
        RETURN training.utcs
        ORDER BY training.utcs
        LIMIT 100
      }
    ]
    ORDER BY qualification.utcs
    LIMIT 200
  }
]
