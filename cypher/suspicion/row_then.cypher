// Fragment: what is said of a thing at a moment.
MATCH (thing)-[:VERSION]->(said)
WHERE «holds»
