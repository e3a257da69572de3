// Fragment: a page of things as a list of rows, in a total order.
COLLECT {
  MATCH «path»
  WHERE «conditions»
  WITH «carried»
  ORDER BY «order»
  LIMIT «limit»
  RETURN [«columns»]
}
