// Fragment: what stands in one cell of a row: the plainest way first.
// $most: integer - how many at most
COLLECT {
  CALL (thing) {
    «ways»
  }
  WITH goal, way, links
  ORDER BY way, goal.kind = 'inspection', goal.utcs, [link IN links | elementId(link)]
  LIMIT $most
  RETURN [
    goal.utcs, goal.kind, «name», «result»,
    [link IN links | «tie»]
  ]
}
