// Fragment: the links of some types that leave a thing at a moment.
COLLECT {
  MATCH (thing)-[link:«types»]->(target)
  WHERE «holds»
  RETURN [«type», target.utcs, properties(link)]
}
